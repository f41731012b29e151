/* 单位业务 (§2): a tree of business, and one view with tabs; its template and the form's are asked for. */
hall.company = (function () {
  var PLACE = hall.HALL + "/modules/company/";

  function unfold(group) { group.classList.toggle("folded"); }

  function bindTree(view) {
    view.querySelectorAll(".abn-group").forEach(function (group) {
      group.classList.toggle("folded", window.SWITCHES.foldedMenus);
      group.querySelector("a").addEventListener("click", function () { unfold(group); });
    });
    view.querySelectorAll(".abn-leaf > a").forEach(function (leaf) {
      leaf.addEventListener("click", function () { choose(view, leaf); });
    });
  }

  function choose(view, leaf) {
    var item = leaf.parentNode;
    if (item.dataset.refusal) { hall.modal.info(item.dataset.refusal); return; }
    view.querySelectorAll(".abn-leaf").forEach(function (each) { each.classList.toggle("active", each === item); });
    if (item.dataset.key !== "refund") { hall.modal.info(window.SWITCHES.notOffered); return; }
    view.querySelector(".tabs").classList.remove("ng-hide");
    view.querySelector(".choose-first").classList.add("ng-hide");
    tab(view, 0);
    hall.http("GET", PLACE + "apply/steadysubsidies/steady.html").success(function (markup) {
      hall.steady.open(hall.include(view.querySelector(".tab-pane"), markup));
    });
  }

  /* The panes that are not shown stay in the document. */
  function tab(view, chosen) {
    view.querySelectorAll(".nav-tabs > li").forEach(function (each, place) { each.classList.toggle("active", place === chosen); });
    view.querySelectorAll(".tab-pane").forEach(function (each, place) { each.classList.toggle("ng-hide", place !== chosen); });
  }

  function view() {
    var host = hall.h("div", { class: "company" });
    hall.http("GET", PLACE + "company.html").success(function (markup) {
      hall.include(host, markup);
      bindTree(host);
      host.querySelectorAll(".nav-tabs > li").forEach(function (each, place) {
        each.addEventListener("click", function () { tab(host, place); });
      });
    });
    return host;
  }

  return { view: view };
})();
