/* Look "spa": the hall's bar and whichever view the address's hash names. */
const hall = (() => {
  const { h } = gd;
  const MENU = { "#/home": "首页", "#/service": "在线服务", "#/mine": "我的办件" };
  let profile = {};

  function userMenu() {
    const list = h("ul", { class: "el-dropdown-menu", role: "menu" },
      profile.handler && h("li", { class: "el-dropdown-menu__item", role: "menuitem", onclick: units.choose }, "切换单位"),
      h("li", { class: "el-dropdown-menu__item", role: "menuitem", onclick: leave }, "退出登录"));
    list.hidden = true;
    const name = h("span", { class: "el-dropdown-link", onclick: () => { list.hidden = !list.hidden; } }, profile.unit || "", h("i", { class: "el-icon arrow-down" }));
    return h("div", { class: "el-dropdown" }, name, list);
  }

  function bar(active) {
    return h("header", { class: "hall-head" }, h("i", { class: "logo" }), h("span", { class: "site" }, "广东省人力资源和社会保障厅网上服务平台"),
      h("ul", { class: "el-menu el-menu--horizontal", role: "menubar" }, Object.entries(MENU).map(([hash, name]) =>
        h("li", { class: `el-menu-item${hash === active ? " is-active" : ""}`, role: "menuitem", onclick: () => go(hash) }, name))),
      userMenu());
  }

  function go(hash) {
    if (window.location.hash === hash) render();
    else window.location.hash = hash;
  }

  async function leave() {
    const data = await ui.call("/api/logout", { body: {} });
    if (data) window.location.href = data.address;
  }

  function render() {
    const [path, query] = (window.location.hash || "#/home").split("?");
    const view = views[path] || views["#/home"];
    gd.draw(bar(path), h("main", { class: "hall-main" }, view(new URLSearchParams(query))));
  }

  function announce() {
    if (!profile.announcement || window.sessionStorage.announced) return;
    window.sessionStorage.announced = "yes";
    profile.announcement.split("\n").forEach((line) => ui.notify(line, { title: "系统公告", kind: "info" }));
  }

  /* The page stands before anything is known; what the calls bring is filled in, or is not. */
  async function start() {
    render();
    const data = await ui.call("/api/profile", { refused: ui.box });
    if (!data) return;
    profile = data;
    document.querySelector(".el-dropdown").replaceWith(userMenu());
    if (!profile.unit) units.choose();
    announce();
  }

  /* The business pages are another origin's: they ask to be left by a message. */
  window.addEventListener("message", (event) => {
    if (event.origin === document.body.dataset.business && event.data === "done") go("#/mine");
  });
  window.addEventListener("hashchange", render);
  return { go, start };
})();

hall.start();
