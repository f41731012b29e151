/* 办理进度查询 → 审核结果查询 (§9; H15): it asks by itself, filtered by the counter that was clicked last. */
hall.review = (function () {
  var POPUP_MS = 50, PAGE_SIZE = 10;
  var KINDS = ["单位业务", "人员业务", "受理流水号"];
  var h = hall.h;

  /* A month popup, opened by its button a moment later (§11). */
  function monthField(month) {
    var input = h("input", { class: "form-control", type: "text", "uib-datepicker-popup": "yyyyMM", "ng-model": "issue", value: month });
    var popup = h("ul", { class: "uib-datepicker-popup dropdown-menu ng-hide" });
    var year = Number(month.slice(0, 4));
    function draw() {
      popup.replaceChildren(
        h("li", { class: "popup-head" }, h("button", { type: "button", class: "btn", onclick: function () { year -= 1; draw(); } }, "‹"), h("strong", {}, String(year)), h("button", { type: "button", class: "btn", onclick: function () { year += 1; draw(); } }, "›")),
        h("li", { class: "popup-months" }, Array.from({ length: 12 }, function (_, place) {
          var text = ("0" + (place + 1)).slice(-2);
          return h("button", { type: "button", class: "btn", onclick: function () { input.value = year + text; popup.classList.add("ng-hide"); } }, h("span", {}, place + 1 + "月"));
        })));
    }
    function open() {
      window.setTimeout(function () { draw(); popup.classList.remove("ng-hide"); }, POPUP_MS);
    }
    return { input: input, element: h("span", { class: "input-group" }, input, h("button", { type: "button", class: "btn", "ng-click": "open($event)", onclick: open }, h("i", { class: "glyphicon glyphicon-calendar" })), popup) };
  }

  function view() {
    var kind = KINDS[0];
    var month = monthField(window.SWITCHES.today.slice(0, 7).replace("-", ""));
    var serial = h("input", { class: "form-control", type: "text", "ng-model": "acceptNumber" });
    var state = h("select", { class: "form-control", "ng-model": "reviewedStatus" }, h("option", { value: "" }, "-- 请选择 --"),
      hall.app.codes("REVIEW_STATE").map(function (code) { return h("option", { value: "string:" + code.value, label: code.name }, code.name); }));
    var grid = hall.grid({
      pageSize: PAGE_SIZE, empty: hall.say("NO_LIST_ROWS"), columns: [
        { name: "事项名称", field: "item", width: 170 }, { name: "受理时间", field: "acceptTime", width: 170 },
        { name: "主体名称", field: "subject", width: 230 }, { name: "受理状态", field: "acceptState", width: 100 },
        { name: "办理状态", field: "handleState", width: 100 }, { name: "受理经办机构", field: "agency", width: 130 },
        { name: "受理统筹区", field: "area", width: 120 }, { name: "操作", width: 170, pinned: "right", cell: actions }]
    });
    var byMonth = h("span", {}, h("label", {}, "请输入办理月份"), month.element, h("label", {}, "审核状态"), state);
    var bySerial = h("span", { class: "ng-hide" }, h("label", {}, "受理流水号"), serial);

    function actions(row) {
      return [h("a", { class: "btn btn-link", href: "javascript:void(0)", onclick: function () { hall.steady.detail(row); } }, h("i", { class: "glyphicon" }, "详情")),
        h("a", { class: "btn btn-link", href: "javascript:void(0)", onclick: function () { hall.receipt.open("单据打印", row.acceptNumber); } }, h("i", { class: "glyphicon" }, "单据打印"))];
    }

    function choose(name) {
      kind = name;
      byMonth.classList.toggle("ng-hide", kind === KINDS[2]);
      bySerial.classList.toggle("ng-hide", kind !== KINDS[2]);
    }

    function query() {
      var asked = { applicantId: hall.details().companyId, submitType: "1" };
      if (kind === KINDS[1]) { grid.setRows([]); return; }
      if (kind === KINDS[2]) asked.acceptNumber = serial.value.trim();
      else {
        asked.issue = month.input.value.trim();
        asked.reviewedStatus = state.value.replace("string:", "");
      }
      if (kind === KINDS[2] ? !asked.acceptNumber : !/^\d{6}$/.test(asked.issue)) {
        hall.modal.error(hall.say(kind === KINDS[2] ? "ASK_SERIAL" : "ASK_MONTH"));
        return;
      }
      hall.http("GET", hall.STEADY + "/submission", { params: asked }).success(function (data) {
        grid.setRows(Array.isArray(data) ? data : []);
      }).error(function (data) { hall.modal.error(hall.say("LIST_FAILED") + data.message); });
    }

    state.value = window.localStorage.getItem(hall.home.STATE) ? "string:" + window.localStorage.getItem(hall.home.STATE) : "";
    query();
    return h("div", { class: "review" }, h("div", { class: "page-title" }, "审核结果查询　", h("a", { href: "javascript:void(0)", onclick: function () { hall.modal.info(window.SWITCHES.notOffered); } }, "查看审核进度")),
      h("div", { class: "form-inline" }, h("label", {}, "查询类型"), KINDS.map(function (name, place) {
        return h("label", { class: "radio-inline" }, h("input", { type: "radio", name: "kind", checked: place === 0 ? "checked" : false, onclick: function () { choose(name); } }), name);
      }), byMonth, bySerial, h("button", { class: "btn btn-primary", "ng-click": "query()", onclick: query }, "查询")), grid.element);
  }

  return { view: view };
})();
