/* 广东省统一身份认证平台 (G2). */
(() => {
  const { h } = gd;
  const CERTIFICATES = ["网银证书", "CA证书"];
  const asksCaptcha = gd.app().dataset.captcha === "yes";
  let tab = "自然人登录";
  let way = "账号密码";
  let watch = 0;

  const go = (data) => { if (data && data.address) window.location.href = data.address; };

  function poll(path, seen) {
    const mine = ++watch;
    gd.poll(path, () => mine !== watch, seen);
  }

  function accountForm() {
    const kind = tab === "法人登录" ? "unit" : "person";
    const form = gd.loginForm(asksCaptcha, async (values, refused) => go(await gd.call(`/api/login/${kind}`, values, refused)));
    const register = h("a", { href: "javascript:void(0)", onclick: () => gd.box("模拟平台暂未提供此功能") }, "立即注册");
    return [form, h("div", { class: "login-links" }, h("span", {}, "还没有账号？"), register)];
  }

  function qrCode() {
    const drawn = h("img", { class: "qr", alt: "二维码", width: 198, height: 198 });
    const over = h("div", { class: "qr-expired" }, h("b", {}, gd.words("二维码已失效")), h("span", {}, gd.words("点击图片刷新")));
    over.hidden = true;
    const scanned = (data) => {
      over.hidden = !data.expired;
      go(data);
      return data.expired || data.address;
    };
    const renew = () => {
      const mine = ++watch;
      over.hidden = true;
      drawn.src = `/qr.png?t=${Date.now()}`;
      drawn.onload = () => { if (mine === watch) poll("/api/scan", scanned); };
    };
    drawn.addEventListener("click", renew);
    renew();
    return h("div", { class: "qr-holder" }, h("div", { class: "qr-frame" }, drawn, over), h("p", {}, gd.words("请使用微信扫描二维码登录")));
  }

  function certificate(kind) {
    const holder = h("div", { class: "device" }, h("i", { class: "usb" }), h("p", {}, gd.words("请插入证书介质")));
    poll(`/api/device?kind=${encodeURIComponent(kind)}`, (data) => {
      if (!data.name) return false;
      holder.replaceChildren(...pinForm(kind, data.name));
      return true;
    });
    return holder;
  }

  function pinForm(kind, name) {
    const form = h("div", { class: "el-form" },
      h("p", { class: "holder" }, `证书单位：${name}`),
      gd.item("", gd.input("pin", "请输入证书密码", { type: "password" })));
    form.append(gd.button("登录", async (event) => {
      if (!gd.complete(form)) return;
      go(await gd.busy(event.target, () => gd.call("/api/certificate", { kind, ...gd.values(form) }, gd.message)));
    }, "primary", { class: "login-button" }));
    return [form];
  }

  function pane() {
    watch += 1;
    if (way === "微信扫码") return qrCode();
    return CERTIFICATES.includes(way) ? certificate(way) : accountForm();
  }

  function chooseTab(name) {
    tab = name;
    way = name === "法人登录" ? "微信扫码" : "账号密码";
    draw();
  }

  function draw() {
    const ways = ["微信扫码", ...CERTIFICATES, "账号密码"];
    gd.draw(h("div", { class: "brand" }, h("b", {}, "广东省统一身份认证平台"), h("em", {}, "一次登录，全省通行")),
      h("div", { class: "stage" }, h("div", { class: "card" },
        gd.tabs(["自然人登录", "法人登录"], tab, chooseTab),
        tab === "法人登录" && gd.tabs(ways, way, (name) => { way = name; draw(); }, "way-tab"),
        h("div", { class: "el-tabs__content" }, pane()))));
  }

  draw();
})();
