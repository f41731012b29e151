/* Look "spa": 广东省统一身份认证平台 (G2): QR code on a canvas, certificates, and 账号密码 behind a link. */
(() => {
  const { h, words } = gd;
  const WAYS = ["微信扫码", "网银证书", "CA证书", "账号密码"];
  const TABS = { 自然人登录: "person", 法人登录: "unit" };
  let tab = "自然人登录";
  let way = "账号密码";
  let watch = 0;

  const go = (data) => { if (data && data.address) window.location.href = data.address; };

  function poll(path, seen) {
    const mine = ++watch;
    gd.poll(path, () => mine !== watch, seen);
  }

  function qrCode() {
    const canvas = h("canvas", { width: 198, height: 198 });
    const over = h("div", { class: "qr-over" }, words("二维码已失效"));
    over.hidden = true;
    const renew = async () => {
      const mine = ++watch;
      over.hidden = true;
      const picture = new window.Image();
      picture.src = `/qr.png?t=${Date.now()}`;
      await picture.decode();
      if (mine !== watch) return;
      canvas.getContext("2d").drawImage(picture, 0, 0, 198, 198);
      poll("/api/scan", (data) => { over.hidden = !data.expired; go(data); return data.expired || data.address; });
    };
    over.addEventListener("click", renew);
    renew();
    return h("div", { class: "qr-holder" }, h("div", { class: "qr-frame" }, canvas, over), h("p", {}, words("请使用微信扫描二维码登录")));
  }

  function certificate(kind) {
    const holder = h("div", { class: "qr-holder" }, h("i", { class: "el-icon usb" }), h("p", {}, words("请插入证书介质")));
    poll(`/api/device?kind=${encodeURIComponent(kind)}`, (data) => {
      if (data.name) holder.replaceChildren(pinForm(kind, data.name));
      return data.name;
    });
    return holder;
  }

  function pinForm(kind, name) {
    const form = h("div", { class: "el-form" }, h("p", {}, name), gd.item("", gd.input("pin", "请输入证书密码", { type: "password" })));
    form.append(button(async (event) => {
      if (gd.complete(form)) go(await gd.busy(event.target, () => ui.call("/api/certificate", { body: { kind, ...gd.values(form) } })));
    }));
    return form;
  }

  const button = (onclick) => h("button", { type: "button", class: "gd-btn gd-btn-primary login-button", onclick }, h("span", {}, "登录"));

  function pane() {
    watch += 1;
    if (way === "微信扫码") return qrCode();
    if (way !== "账号密码") return certificate(way);
    const send = async (values, refused) => go(await ui.call(`/api/login/${TABS[tab]}`, { body: values, refused }));
    return [widgets.loginForm(send, { look: "gd-btn gd-btn-primary" }),
      h("div", { class: "login-links" }, h("a", { onclick: () => ui.box("模拟平台暂未提供此功能") }, "立即注册"))];
  }

  function draw() {
    const ways = h("div", { class: "way-links" }, WAYS.map((name) =>
      h("a", { class: name === way ? "is-active" : "", onclick: () => { way = name; draw(); } }, name)));
    gd.draw(h("header", { class: "login-head" }, h("span", { class: "site" }, "广东省统一身份认证平台")),
      h("main", { class: "login-stage" }, h("div", { class: "login-card" },
        gd.tabs(Object.keys(TABS), tab, (name) => { tab = name; way = name === "法人登录" ? "微信扫码" : "账号密码"; draw(); }),
        tab === "法人登录" && ways, h("div", { class: "login-pane" }, pane()))));
  }

  draw();
})();
