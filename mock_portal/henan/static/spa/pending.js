/* 我的待提交业务 (§8; H14): other business stands on the same list, and only the tree and 详情 say which is which. */
hall.pending = (function () {
  var h = hall.h;

  function action(title, icon, click) {
    return h("a", { class: "btn btn-link", title: title, href: "javascript:void(0)", onclick: click }, h("i", { class: "glyphicon glyphicon-" + icon }, title));
  }

  function view() {
    var rows = [], kind = "";
    var tree = h("div", { class: "tree" });
    var box = h("input", { class: "form-control filter", type: "text", onkeyup: function (event) { if (event.key === "Enter") draw(); } });
    var grid = hall.grid({
      selectable: true, empty: hall.say("NO_LIST_ROWS"), columns: [
        { name: "操作功能", width: 205, pinned: "left", cell: actions },
        { name: "序号", width: 60, cell: function (row, index) { return String(index + 1); } },
        { name: "单位编号", field: "companyId", width: 150 },
        { name: "单位名称", field: "companyName", width: 260 },
        { name: "填报日期", field: "fillDate", width: 120 }]
    });
    var submit = h("button", { class: "btn btn-success", id: "submitApplyButton", "ng-click": "submit()", onclick: ask }, window.SWITCHES.submitLabel);

    function actions(row) {
      return [action("详情", "list-alt", function () { hall.steady.detail(row); }),
        action("附件", "paperclip", function () { hall.dossier.open(row.applyId); }),
        action("删除", "trash", function () { remove("DELETE", "/" + row.applyId); })];
    }

    /* §8: what is typed becomes a regular expression; one that is none throws, and the list stays. */
    function draw() {
      var wanted = new RegExp(box.value);
      grid.setRows(rows.filter(function (row) { return (!kind || row.item === kind) && wanted.test(row.companyName + row.companyId); }));
    }

    function node(text, name) {
      return h("li", { class: "abn-tree-row" + (kind === name ? " active" : "") }, h("a", { href: "javascript:void(0)", onclick: function () { kind = name; drawTree(); draw(); } }, h("span", { class: "tree-label" }, text)));
    }

    function drawTree() {
      var counts = {};
      rows.forEach(function (row) { counts[row.item] = (counts[row.item] || 0) + 1; });
      tree.replaceChildren(h("ul", { class: "abn-tree" }, node("全部申报(" + rows.length + ")", ""),
        Object.keys(counts).map(function (name) { return node(name + "(" + counts[name] + ")", name); })));
    }

    function load() {
      hall.http("GET", hall.HALL + "/api/apply/unsubmitted", { params: { companyId: hall.details().companyId } }).success(function (data) {
        rows = Array.isArray(data) ? data : [];
        if (!rows.some(function (row) { return row.item === kind; })) kind = "";
        drawTree();
        draw();
      }).error(function (data) { hall.modal.error(hall.say("LIST_FAILED") + data.message); });
    }

    function remove(method, path, data) {
      hall.http(method, hall.STEADY + path, { data: data }).success(function () {
        hall.modal.info(hall.say("DELETED"));
        load();
      }).error(function (refused) { hall.modal.error(hall.say("DELETE_FAILED") + refused.message); });
    }

    function chosen() {
      var ids = grid.selected().map(function (row) { return row.applyId; });
      if (!ids.length) hall.modal.info(hall.say("CHOOSE_ROWS"));
      return ids;
    }

    function ask() {
      var ids = chosen();
      if (ids.length) hall.modal.confirm(hall.say("ASK_SUBMISSION"), function () { send(ids); });
    }

    /* §8: a lost answer leaves nothing to read a reason from: the button is enabled again, and the handler throws. */
    function send(ids) {
      submit.disabled = true;
      hall.http("PUT", hall.STEADY + "/submission", { data: { applyIdList: ids } }).success(function () {
        submit.disabled = false;
        hall.modal.info(hall.say("SUBMISSION_DONE"));
        load();
      }).error(function (data) {
        submit.disabled = false;
        hall.modal.error(hall.say("SUBMISSION_FAILED") + data.message);
      });
    }

    load();
    return h("div", { class: "pending" }, h("div", { class: "page-title" }, "待提交申报管理"), h("div", { class: "split" }, tree, h("div", { class: "list" },
      h("div", { class: "form-inline" }, h("span", {}, "过滤条件:姓名/证件号码"), box), grid.element,
      h("div", { class: "buttons" }, submit,
        h("button", { class: "btn", "ng-click": "batchDelete()", onclick: function () { var ids = chosen(); if (ids.length) remove("POST", "/batchDelete", { applyIdList: ids }); } }, "批量删除"),
        h("button", { class: "btn", onclick: function () { hall.modal.info(window.SWITCHES.notOffered); } }, "签章信息")))));
  }

  return { view: view };
})();
