/* The page's frame: entry, routes by hash, the top bar, the menu (§2, §4, §12). */
hall.app = (function () {
  var h = hall.h;
  var LATER = function () { return h("div", { class: "well" }, window.SWITCHES.notOffered); };
  var MENU = [["/home", "首页"], ["/company", "单位业务"], ["/declare/on", "在职人员业务"], ["/declare/off", "退休人员业务"]];
  var ROUTES = {
    "/home": function () { return hall.home.view(); },
    "/company": function () { return hall.company.view(); },
    "/review/reviewed": function () { return hall.review.view(); },
    "/submit/pending": function () { return hall.pending.view(); },
    "/declare/on": LATER, "/declare/off": LATER, "/search": LATER,
    "/submit/agent": LATER, "/oneNet2": LATER, "/manage/operator": LATER
  };
  var menus = "";
  var user = {};

  /* §2: the entry of the history is replaced, so that Back does not lead to the screen before. */
  function go(path) {
    if (window.location.hash === "#" + path) render();
    else window.location.replace("#" + path);
  }

  function link(path, text, attributes) {
    return h("a", Object.assign({ href: "javascript:void(0)", "ng-click": "go('" + path + "')", onclick: function () { go(path); } }, attributes || {}), text);
  }

  function drawTop() {
    document.getElementById("user").replaceChildren(
      "欢迎您，", h("span", { class: "ng-binding" }, hall.details().companyName || ""), "　",
      h("span", { class: "news" }, "无新消息"), "　", link("/home", "主页"), " | ", link("/manage/operator", "密码修改"), " | ",
      h("a", { href: "/uaa/logout" }, "退出系统"));
  }

  function drawMenu(path) {
    var menu = document.getElementById("menu");
    menu.classList.toggle("ng-hide", path === "/home" || path === "/login");
    menu.replaceChildren(h("div", { class: "menu-title" }, "功能导航"), h("ul", { class: "nav nav-stacked" }, MENU.map(function (each) {
      return h("li", { class: each[0] === path ? "active" : "" }, link(each[0], each[1]));
    })));
  }

  /* §2: without the right to a route a dialog opens and the page goes home, both at once. */
  function render() {
    var path = window.location.hash.slice(1) || "/login";
    var view = document.getElementById("view");
    if (path === "/login") { enter(); return; }
    if (!menus) { enter(path); return; }
    if (!ROUTES[path] || menus.indexOf('"' + path + '"') < 0) {
      hall.modal.error(hall.say("NO_RIGHT"));
      go("/home");
      return;
    }
    window.sessionStorage.clear();
    drawMenu(path);
    view.replaceChildren(ROUTES[path]());
  }

  /* §4: who is it, and what may they do: asked for at the same time; the rest follows and stays in the storage. */
  function enter(path) {
    var left = 2;
    document.getElementById("view").replaceChildren(h("div", { class: "loading" }, "正在加载，请稍候"));
    window.ssoCallback = function (id) {
      window.localStorage.setItem("ssoSessionId", id);
      window.localStorage.setItem("SID", id);
    };
    document.head.append(h("script", { src: "/uaa/ssoSessionId?callback=ssoCallback" }));
    function arrived() { if (--left === 0) loadDetails(path || "/home"); }
    hall.http("GET", hall.HALL + "/api/security/user").success(function (data) { user = data; arrived(); }).error(function (data, status) {
      if (status === 503) hall.modal.error(hall.say("CLOSED"));
      else if (status !== 401) hall.modal.error(hall.say("USER_FAILED") + data.message);
    });
    hall.http("GET", hall.HALL + "/api/security/user/ehrss-si-enterprise/menus").success(function (data) { menus = JSON.stringify(data); arrived(); });
  }

  function loadDetails(path) {
    if (window.localStorage.getItem(hall.DETAILS)) { loadCodes(path); return; }
    hall.http("GET", hall.HALL + "/api/simis/companys", { params: { companyId: user.companyId } }).success(function (data) {
      window.localStorage.setItem(hall.DETAILS, JSON.stringify(data));
      loadCodes(path);
    });
  }

  function loadCodes(path) {
    drawTop();
    if (window.localStorage.getItem("codeList")) { go(path); return; }
    hall.http("GET", hall.HALL + "/api/selectcodes").success(function (data) {
      window.localStorage.setItem("codeList", JSON.stringify(data));
      go(path);
    });
  }

  function start() {
    window.addEventListener("hashchange", render);
    render();
  }

  return {
    start: start, go: go, link: link,
    tail: function () { return " 【" + user.tail + "】"; },
    codes: function (table) { return JSON.parse(window.localStorage.getItem("codeList") || "{}")[table] || []; }
  };
})();
