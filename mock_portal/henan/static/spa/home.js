/* The unit's home (§12; H6): figures arrive one by one, amounts are drawn on a canvas. */
hall.home = (function () {
  var h = hall.h;
  var STATE = "hrss-review-state-cache";
  var TILES = [["/company", "单位业务", "业"], ["/declare/on", "在职人员业务", "职"], ["/declare/off", "退休人员业务", "退"], ["/search", "查询打印", "印"], ["/review/reviewed", "办理进度查询", "查"]];
  var NEWS = { "通知公告": ["【公告】6月份河南省单位网上服务大厅系统新功能增加说明", "【公告】河南省单位网上服务大厅操作问题汇总"], "资料下载": ["稳岗返还（单位网厅）操作手册"] };

  function amount(title, value) {
    var canvas = h("canvas", { width: 240, height: 86 });
    var pen = canvas.getContext("2d");
    pen.font = "14px 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif";
    pen.fillStyle = "#666";
    pen.fillText(title, 12, 24);
    pen.font = "24px Arial";
    pen.fillStyle = "#e4772a";
    pen.fillText(value + " 元", 12, 64);
    return h("div", { class: "panel chart", "_echarts_instance_": "ec_" + title.length }, canvas);
  }

  /* §9: the state is kept, and the list that opens is filtered by it. */
  function review(state) {
    window.localStorage.setItem(STATE, state);
    hall.app.go("/review/reviewed");
  }

  function counter(name, state) {
    var number = h("em", { class: "ng-binding" }, "");
    return { number: number, element: h("div", { class: "state" }, number, h("a", { href: "javascript:void(0)", "ng-click": "review(" + state + ")", onclick: function () { review(state); } }, name)) };
  }

  function tabs() {
    var list = h("ul", { class: "list-unstyled news-list" });
    var heads = Object.keys(NEWS).map(function (name) {
      return h("li", {}, h("a", { href: "javascript:void(0)", onclick: function () { choose(name); } }, name));
    });
    function choose(name) {
      heads.forEach(function (each) { each.classList.toggle("active", each.textContent === name); });
      list.replaceChildren.apply(list, NEWS[name].map(function (each) { return h("li", {}, each); }));
    }
    choose("通知公告");
    return h("div", { class: "panel" }, h("ul", { class: "nav nav-tabs" }, heads), list);
  }

  function view() {
    var id = hall.details().companyId;
    var month = window.SWITCHES.today.slice(0, 7).replace("-", "");
    var name = h("b", { class: "ng-binding" }, "");
    var waiting = h("span", { class: "badge ng-binding" }, "");
    var states = [counter("审核中业务", "0"), counter("审核通过业务", "1"), counter("审核退回业务", "3")];
    hall.http("GET", hall.HALL + "/api/simis/companys", { params: { companyId: id } }).success(function (data) { name.textContent = data.companyName + hall.app.tail(); });
    hall.http("GET", hall.HALL + "/api/apply/profile", { params: { applicantId: id } }).success(function (data) {
      waiting.textContent = data.unSubmit;
      [data.underRecheck, data.approve, data.back].forEach(function (each, place) { states[place].number.textContent = each; });
    });
    hall.http("GET", hall.HALL + "/api/simis/banner/notice").success(function (data) {
      if (data.show) document.getElementById("banner").replaceChildren(h("div", { class: "alert" }, data.notice));
    });
    return h("div", { class: "home" },
      h("div", { class: "panel who" }, name,
        h("div", { class: "mine" },
          h("span", {}, hall.app.link("/submit/pending", "我的待提交业务"), waiting),
          h("span", {}, hall.app.link("/submit/agent", "我的待审批业务"), h("span", { class: "badge" }, "0")),
          h("span", {}, hall.app.link("/manage/operator", "内部管理")))),
      h("div", { class: "cards" },
        h("div", { class: "panel card" }, h("span", {}, "本月申报增员"), h("em", {}, "0人"), h("a", {}, "继续增员")),
        h("div", { class: "panel card" }, h("span", {}, "本月申报减员"), h("em", {}, "0人"), h("a", {}, "继续减员")),
        amount("历史欠费累计金额", "0"), amount("当期应缴金额", "296398.56")),
      h("div", { class: "panel" }, h("div", { class: "panel-heading" }, "审核业务状态(" + month + ")"), h("div", { class: "states" }, states.map(function (each) { return each.element; }))),
      h("div", { class: "panel-heading" }, "业务办理"),
      h("div", { class: "tiles" }, TILES.map(function (each) {
        return h("div", { class: "tile", "ng-click": "go('" + each[0] + "')", onclick: function () { hall.app.go(each[0]); } }, h("i", { "data-icon": each[2] }), h("p", {}, each[1]));
      })),
      tabs());
  }

  return { view: view, STATE: STATE };
})();
