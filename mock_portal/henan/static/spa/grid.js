/* A list as ui-grid draws it (§8): no table, containers side by side, only the rows in view. */
hall.grid = (function () {
  var ROW = 30, BODY = 300, DRAWN_WHOLE = 20, EXCESS = 4;
  var h = hall.h;

  function headerCell(column) {
    if (column.selection) return null;
    return h("div", { class: "ui-grid-header-cell ui-grid-clearfix", role: "columnheader", style: "width:" + column.width + "px" },
      h("div", { class: "ui-grid-cell-contents ui-grid-header-cell-primary-focus", role: "button", tabindex: "0" },
        h("span", { class: "ui-grid-header-cell-label ng-binding" }, column.name), " ",
        h("span", { class: "ui-grid-invisible" }, h("i", { class: "ui-grid-icon-blank" }, "\u00a0"))),
      h("div", { class: "ui-grid-column-menu-button", role: "button", tabindex: "0" }, h("i", { class: "ui-grid-icon-angle-down" }, "\u00a0")));
  }

  function containerOf(side, columns, width) {
    var made = { side: side, columns: columns };
    made.canvas = h("div", { class: "ui-grid-canvas" });
    made.viewport = h("div", { class: "ui-grid-viewport", style: "height:" + BODY + "px" }, made.canvas);
    made.header = h("div", { class: "ui-grid-header-viewport" });
    var inner = h("div", { class: "ui-grid-render-container ui-grid-render-container-" + side },
      h("div", { class: "ui-grid-header", role: "rowgroup" }, h("div", { class: "ui-grid-top-panel" }, made.header)), made.viewport);
    made.element = side === "body" ? inner : h("div", { class: "ui-grid-pinned-container ui-grid-pinned-container-" + side, style: "width:" + width + "px" }, inner);
    return made;
  }

  return function (options) {
    var rows = [], shown = [], chosen = new Set(), page = 1, size = options.pageSize || Infinity;
    var columns = options.columns.slice();
    if (options.selectable) columns.unshift({ selection: true, width: 30, pinned: "left" });
    var containers = ["left", "body", "right"].map(function (side) {
      var own = columns.filter(function (each) { return (each.pinned || "body") === side; });
      var width = own.reduce(function (sum, each) { return sum + each.width; }, 0);
      return own.length ? containerOf(side, own, width) : null;
    }).filter(Boolean);
    var body = containers.filter(function (each) { return each.side === "body"; })[0];
    var footer = h("div", { class: "ui-grid-footer-info ui-grid-grid-footer" });
    var pager = h("div", { class: "ui-grid-pager-panel", role: "contentinfo" });
    var element = h("div", { class: "ui-grid ng-isolate-scope" },
      h("div", { class: "ui-grid-contents-wrapper", role: "grid" }, containers.map(function (each) { return each.element; })),
      footer, options.pageSize ? pager : null);

    function mark(on, click) {
      return h("div", { class: "ui-grid-selection-row-header-buttons ui-grid-icon-ok" + (on ? " ui-grid-row-selected ui-grid-all-selected" : ""), "ng-click": "selectButtonClick(row, $event)", onclick: click }, "\u00a0");
    }

    function toggle(row) {
      if (!chosen.delete(row)) chosen.add(row);
      draw();
    }

    function toggleAll() {
      var all = shown.every(function (row) { return chosen.has(row); });
      shown.forEach(function (row) { if (all) chosen.delete(row); else chosen.add(row); });
      draw();
    }

    function cell(column, row, index) {
      var attributes = { class: "ui-grid-cell" + (column.selection ? " ui-grid-row-header-cell ui-grid-disable-selection" : ""), role: "gridcell", style: "width:" + column.width + "px" };
      if (column.selection) return h("div", attributes, h("div", { class: "ui-grid-cell-contents" }, mark(chosen.has(row), function () { toggle(row); })));
      var content = column.cell ? column.cell(row, index) : String(row[column.field] === undefined ? "" : row[column.field]);
      return h("div", attributes, h("div", { class: "ui-grid-cell-contents ng-binding" }, content));
    }

    function drawHeader(container) {
      var all = shown.length > 0 && shown.every(function (row) { return chosen.has(row); });
      var cells = container.columns.map(function (column) {
        return headerCell(column) || h("div", { class: "ui-grid-header-cell ui-grid-cell ui-grid-disable-selection ui-grid-row-header-cell", role: "columnheader", style: "width:30px" }, mark(all, toggleAll));
      });
      container.header.replaceChildren(h("div", { class: "ui-grid-header-canvas" }, h("div", { class: "ui-grid-header-cell-wrapper" }, h("div", { class: "ui-grid-header-cell-row", role: "row" }, cells))));
    }

    function drawRows(container) {
      var whole = shown.length <= DRAWN_WHOLE;
      var first = whole ? 0 : Math.max(0, Math.floor(body.viewport.scrollTop / ROW) - EXCESS);
      var last = whole ? shown.length : Math.min(shown.length, first + BODY / ROW + 2 * EXCESS);
      container.canvas.style.height = shown.length * ROW + "px";
      container.canvas.replaceChildren.apply(container.canvas, shown.slice(first, last).map(function (row, place) {
        var made = h("div", { class: "ui-grid-row" + (chosen.has(row) ? " ui-grid-row-selected" : "") },
          h("div", { role: "row" }, container.columns.map(function (column) { return cell(column, row, first + place); })));
        if (place === 0) made.style.marginTop = first * ROW + "px";
        return made;
      }));
    }

    function drawPager() {
      var pages = Math.max(1, Math.ceil(rows.length / size));
      function to(title, target, sign) {
        return h("button", { type: "button", class: "ui-grid-pager-" + sign, title: title, disabled: target < 1 || target > pages || target === page ? "disabled" : false, onclick: function () { page = target; body.viewport.scrollTop = 0; draw(); } }, h("div", { class: sign + "-triangle" }));
      }
      var begin = rows.length ? (page - 1) * size + 1 : 0;
      pager.replaceChildren(
        h("div", { class: "ui-grid-pager-control" }, to("第一页", 1, "first"), to("上一页", page - 1, "previous"),
          h("input", { class: "ui-grid-pager-control-input", type: "number", value: page, onchange: function () { page = Math.min(pages, Math.max(1, Number(this.value) || 1)); draw(); } }),
          h("span", { class: "ui-grid-pager-max-pages-number" }, "/ " + pages), to("下一页", page + 1, "next"), to("最后一页", pages, "last")),
        h("div", { class: "ui-grid-pager-count-container" }, begin + " - " + Math.min(rows.length, page * size) + " 共 " + rows.length + " 行"));
    }

    function draw() {
      shown = rows.slice((page - 1) * size, page * size);
      containers.forEach(drawHeader);
      containers.forEach(drawRows);
      footer.textContent = "总行数: " + rows.length + (chosen.size ? " （已选择行数: " + chosen.size + "）" : "");
      if (options.pageSize) drawPager();
      var empty = element.querySelector(".ui-grid-watermark");
      if (empty) empty.remove();
      if (!rows.length && options.empty) element.prepend(h("div", { class: "ui-grid-watermark" }, options.empty));
    }

    function scrolled() {
      containers.forEach(function (each) {
        drawRows(each);
        each.viewport.scrollTop = body.viewport.scrollTop;
      });
      body.header.scrollLeft = body.viewport.scrollLeft;
    }

    body.viewport.addEventListener("scroll", function () { window.requestAnimationFrame(scrolled); });
    containers.forEach(function (each) {
      if (each !== body) each.viewport.addEventListener("wheel", function (event) { body.viewport.scrollTop += event.deltaY; });
    });
    draw();

    return {
      element: element,
      setRows: function (given) { rows = given; page = 1; chosen.clear(); draw(); },
      selected: function () { return rows.filter(function (row) { return chosen.has(row); }); }
    };
  };
})();
