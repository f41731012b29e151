/* Look "spa": the login page (G1); 单位登录 is the second tab. */
(() => {
  const { h } = gd;
  const IDENTITY = "省统一身份认证";
  const OWN = "广东人社统一认证";
  const TABS = { 个人登录: "person", 单位登录: "unit" };
  let tab = "个人登录";
  let way = OWN;

  async function send(values, refused) {
    const data = await ui.call(`/api/login/${TABS[tab]}`, { body: values, refused });
    if (!data) return;
    if (data.address) window.location.href = data.address;
    else units.choose();
  }

  function wayCard(name, act) {
    return h("div", { class: `login-way${way === name ? " is-active" : ""}`, onclick: act }, h("i", { class: "el-icon shield" }), h("span", {}, name));
  }

  function draw() {
    gd.draw(
      h("header", { class: "login-head" }, h("i", { class: "logo" }), h("span", { class: "site" }, "广东省人力资源和社会保障厅"), h("span", { class: "sub" }, "网上服务平台")),
      h("main", { class: "login-stage" }, h("div", { class: "login-card" },
        gd.tabs(Object.keys(TABS), tab, (name) => { tab = name; way = name === "个人登录" ? OWN : ""; draw(); }),
        h("div", { class: "login-ways" }, wayCard(IDENTITY, () => { window.location.href = "/isso/identity"; }), wayCard(OWN, () => { way = OWN; draw(); })),
        way === OWN && widgets.loginForm(send),
        h("div", { class: "login-links" }, h("a", { onclick: () => ui.box("模拟平台暂未提供此功能") }, tab === "单位登录" ? "单位注册" : "个人注册")))));
  }

  window.sessionStorage.clear();
  draw();
})();
