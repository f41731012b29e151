/* The shell: top bar, menu, and whichever view the address's hash names. */
const shell = (() => {
  const { h } = gd;
  const MENU = { "#/home": "首页", "#/service": "在线服务", "#/mine": "我的办件", "#/account": "账户管理", "#/realname": "实名认证" };
  const LATE_MS = 250;
  let profile = null;

  function top() {
    const user = profile && [
      profile.handler && h("span", { class: "handler" }, `经办人：${profile.handler}`),
      profile.unit && h("span", { class: "current-unit" }, `当前单位：${profile.unit}`),
      profile.handler && gd.button("切换单位", units.choose, "text"),
      gd.button("退出", leave, "text")];
    return h("div", { class: "top" }, h("i", { class: "emblem" }), h("b", {}, "广东省人力资源和社会保障厅网上服务平台"), h("div", { class: "user" }, user || gd.words("加载中…")));
  }

  function menu(active) {
    return h("ul", { class: "el-menu el-menu--horizontal", role: "menubar" }, Object.entries(MENU).map(([hash, name]) =>
      h("li", { class: `el-menu-item${hash === active ? " is-active" : ""}`, role: "menuitem", onclick: () => go(hash) }, name)));
  }

  function go(hash) {
    if (window.location.hash === hash) render();
    else window.location.hash = hash;
  }

  async function leave() {
    const data = await gd.call("/api/logout", {});
    if (data) window.location.href = data.address;
  }

  function render() {
    const [path, query] = (window.location.hash || "#/home").split("?");
    const view = views[path] || views["#/home"];
    gd.draw(top(), menu(path), h("div", { class: "content" }, profile ? view(new URLSearchParams(query)) : gd.loading()));
  }

  /* The bar is drawn once more when its icons have come, as such shells do: what stood there is replaced. */
  function redrawTop() {
    const drawn = top();
    drawn.dataset.icons = "come";
    document.querySelector(".top")?.replaceWith(drawn);
  }

  function announce() {
    if (!profile.announcement || window.sessionStorage.announced) return;
    window.sessionStorage.announced = "yes";
    profile.announcement.split("\n").forEach((line) => gd.box(line, { title: "系统公告" }));
  }

  async function start() {
    render();
    profile = await gd.call("/api/profile");
    if (!profile) return;
    render();
    window.setTimeout(redrawTop, LATE_MS);
    if (!profile.unit) units.choose();
    announce();
  }

  window.addEventListener("hashchange", render);
  return { go, start };
})();

shell.start();
