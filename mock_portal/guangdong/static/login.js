/* The login page (G1) and the choice of the unit (G5). */
const login = (() => {
  const { h } = gd;
  const IDENTITY = "省统一身份认证";
  const OWN = "广东人社统一认证";
  const TABS = { 单位登录: "unit", 个人登录: "person" };
  let tab = "单位登录";
  let way = "";

  async function send(values, refused) {
    const data = await gd.call(`/api/login/${TABS[tab]}`, values, refused);
    if (!data) return;
    if (data.address) window.location.href = data.address;
    else units.choose();
  }

  function leave() { window.location.href = "/isso/identity"; }

  const wayButton = (name, look, act) => h("button", { type: "button", class: `way ${look}${way === name ? " is-active" : ""}`, onclick: act }, h("span", {}, name));

  function ways() {
    return h("div", { class: "ways" },
      wayButton(IDENTITY, "way-identity", leave),
      wayButton(OWN, "way-own", () => { way = OWN; draw(); }));
  }

  function pane() {
    if (tab === "个人登录") return [ways(), gd.loginForm(true, send)];
    const links = h("div", { class: "login-links" }, h("a", { href: "javascript:void(0)", onclick: () => gd.box("模拟平台暂未提供此功能") }, "单位注册"));
    return [h("p", { class: "hint" }, "请选择认证方式"), ways(), way === OWN && gd.loginForm(true, send), links];
  }

  function choose(name) {
    tab = name;
    way = name === "个人登录" ? OWN : "";
    draw();
  }

  function draw() {
    gd.draw(h("div", { class: "brand" }, h("i", { class: "emblem" }), h("b", {}, "广东省人力资源和社会保障厅"), h("em", {}, "网上服务平台")),
      h("div", { class: "stage" }, h("div", { class: "slogan" }, h("b", {}, "数字人社 便民利企"), h("p", {}, "一次认证，全省通办")),
        h("div", { class: "card" }, gd.tabs(Object.keys(TABS), tab, choose), h("div", { class: "el-tabs__content" }, pane()))));
  }

  return { draw };
})();

window.sessionStorage.clear();
login.draw();
