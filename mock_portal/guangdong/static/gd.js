/* What every page of the two sites is drawn with: small counterparts of element-ui's widgets, and the calls. */
const gd = (() => {
  let layer = 2000;
  let toasts = 0;
  const LOGIN = "/isso/login.html";
  const TOAST_MS = 3000;
  const POLL_MS = 500;
  const OTHER_WORDS = JSON.parse(document.documentElement.dataset.words);

  /* A message of these scripts in the phrasing that is set; the server's come in it. */
  const words = (own) => OTHER_WORDS[own] || own;

  /* An element: h("p", { class: "x", onclick: act }, "text", child). Nothing is drawn for null and false. */
  function h(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
    return made;
  }

  const app = () => document.getElementById("app");

  /* Draw a page anew: what stood there is replaced, not changed. */
  function draw(...children) {
    app().replaceChildren(...children);
  }

  /* -- buttons and fields -- */

  function button(caption, onclick, kind = "default", more = {}) {
    const look = `el-button el-button--${kind} ${more.class || ""}`;
    return h("button", { type: "button", ...more, class: look, onclick }, h("span", {}, caption, more.icon && h("i", { class: more.icon })));
  }

  function input(name, placeholder, more = {}) {
    const field = h("input", { class: "el-input__inner", type: "text", autocomplete: "off", name, placeholder, ...more });
    return h("div", { class: "el-input" }, field);
  }

  function item(label, content, required = false) {
    return h("div", { class: `el-form-item${required ? " is-required" : ""}` },
      label && h("label", { class: "el-form-item__label" }, label),
      h("div", { class: "el-form-item__content" }, content));
  }

  function captcha() {
    const address = () => `/captcha.png?t=${Date.now()}`;
    const drawn = h("img", { class: "captcha", alt: "验证码", title: "点击图片刷新验证码", width: 104, height: 38, src: address() });
    drawn.addEventListener("click", () => { drawn.src = address(); });
    return h("div", { class: "with-captcha" }, input("captcha", "请输入验证码", { maxlength: 6 }), drawn);
  }

  /* A login form; send(its values, refused) answers where to go, or nothing. A refusal is a toast, and the picture is spent. */
  function loginForm(withCaptcha, send) {
    const form = h("div", { class: "el-form" },
      item("", input("account", "请输入账号")),
      item("", input("password", "请输入密码", { type: "password" })),
      withCaptcha && item("", captcha()));
    const refused = (text) => {
      message(text);
      const old = form.querySelector(".with-captcha");
      if (old) old.replaceWith(captcha());
    };
    form.append(button("登录", (event) => {
      if (complete(form)) busy(event.target, () => send(values(form), refused));
    }, "primary", { class: "login-button" }));
    return form;
  }

  /* name → text of every field under an element. */
  function values(root) {
    const fields = Array.from(root.querySelectorAll("input.el-input__inner"));
    return Object.fromEntries(fields.map((field) => [field.name, field.value]));
  }

  /* Say under each empty field that it is needed; true when none is. */
  function complete(root) {
    root.querySelectorAll(".el-form-item__error").forEach((said) => said.remove());
    const empty = Array.from(root.querySelectorAll("input.el-input__inner")).filter((field) => !field.value.trim());
    for (const field of empty) {
      const said = field.placeholder || words("请填写此项");
      field.closest(".el-form-item__content").append(h("div", { class: "el-form-item__error" }, said));
    }
    return empty.length === 0;
  }

  function tabs(names, active, choose, look = "el-tabs__item") {
    return h("div", { class: "el-tabs__header", role: "tablist" }, names.map((name) =>
      h("div", { class: `${look}${name === active ? " is-active" : ""}`, role: "tab", "aria-selected": String(name === active), onclick: () => choose(name) }, name)));
  }

  /* columns: [caption, row → text or element]; as element-ui draws it: head and body are tables of their own. */
  function table(columns, rows) {
    const widths = () => h("colgroup", {}, columns.map(([, , width]) => h("col", { width: width || null })));
    const cell = (tag, content) => h(tag, { class: "el-table__cell" }, h("div", { class: "cell" }, content));
    return h("div", { class: "el-table el-table--border" },
      h("div", { class: "el-table__header-wrapper" }, h("table", { class: "el-table__header" }, widths(),
        h("thead", {}, h("tr", {}, columns.map(([caption]) => cell("th", caption)))))),
      h("div", { class: "el-table__body-wrapper" }, h("table", { class: "el-table__body" }, widths(),
        h("tbody", {}, rows.map((row) => h("tr", { class: "el-table__row" }, columns.map(([, show]) => cell("td", show(row))))))),
      rows.length === 0 && h("div", { class: "el-table__empty-block" }, h("span", { class: "el-table__empty-text" }, words("暂无数据")))));
  }

  /* -- what floats above the page -- */

  /* A toast: it goes by itself. */
  function message(text, kind = "error") {
    const said = h("div", { role: "alert", class: `el-message el-message--${kind}`, style: `top:${20 + 60 * toasts}px;z-index:${++layer}` },
      h("i", { class: `el-message__icon el-icon-${kind}` }), h("p", { class: "el-message__content" }, words(text)));
    document.body.append(said);
    toasts += 1;
    window.setTimeout(() => { said.remove(); toasts -= 1; }, TOAST_MS);
  }

  function float(wrapper) {
    const modal = h("div", { class: "v-modal", style: `z-index:${++layer}` });
    wrapper.style.zIndex = ++layer;
    (document.body || document.documentElement).append(modal, wrapper);
    return () => { modal.remove(); wrapper.remove(); };
  }

  const cross = (name, close) => h("button", { type: "button", class: `${name}__headerbtn`, "aria-label": "Close", onclick: close }, h("i", { class: "el-icon-close" }));

  /* A message box; several of them stack. yes and no happen once it is closed. */
  function box(said, { title: named = "提示", yes = () => {}, no = null } = {}) {
    let close;
    const text = words(said);
    const title = words(named);
    const answer = (then) => () => { close(); if (then) then(); };
    const buttons = [no && button(words("取消"), answer(no), "default", { class: "el-button--small" }),
      button(words("确定"), answer(yes), "primary", { class: "el-button--small" })];
    const drawn = h("div", { class: "el-message-box" },
      h("div", { class: "el-message-box__header" }, h("div", { class: "el-message-box__title" }, h("span", {}, title)), cross("el-message-box", answer(no || yes))),
      h("div", { class: "el-message-box__content" }, h("div", { class: "el-message-box__container" },
        h("div", { class: "el-message-box__status el-icon-warning" }), h("div", { class: "el-message-box__message" }, h("p", {}, text)))),
      h("div", { class: "el-message-box__btns" }, buttons));
    close = float(h("div", { role: "dialog", "aria-modal": "true", "aria-label": title, class: "el-message-box__wrapper" }, drawn));
  }

  /* A dialog with content of its own; answers a function that closes it. */
  function dialog(named, body, footer, onclose = () => {}) {
    const title = words(named);
    const drawn = h("div", { role: "dialog", "aria-modal": "true", "aria-label": title, class: "el-dialog" },
      h("div", { class: "el-dialog__header" }, h("span", { class: "el-dialog__title" }, title), cross("el-dialog", () => { close(); onclose(); })),
      h("div", { class: "el-dialog__body" }, body), h("div", { class: "el-dialog__footer" }, footer));
    const close = float(h("div", { class: "el-dialog__wrapper" }, drawn));
    return close;
  }

  function expired(text) {
    box(text, { yes: () => { window.top.location.href = LOGIN; } });
  }

  /* -- calls -- */

  function maintenance(text) {
    draw(h("div", { class: "result" }, h("b", {}, text), h("p", {}, words("系统正在升级维护，期间暂停服务，不便之处敬请谅解。"))));
  }

  /* Ask the server; its data, or null when it said no, which has been shown then. */
  async function call(path, body = null, refused = box) {
    const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    let answer;
    try {
      answer = await (await window.fetch(path, sent || { cache: "no-store" })).json();
    } catch (error) {
      box("网络异常，请稍后再试");
      return null;
    }
    if (answer.code === 0) return answer.data;
    if (answer.code === 401) expired(answer.message);
    else if (answer.code === 503) maintenance(answer.message);
    else if (answer.code === 500) box(answer.message);
    else refused(answer.message);
    return null;
  }

  /* Ask again and again until something else is to be shown; a failure of one question is not worth a word. */
  function poll(path, over, seen) {
    const ask = async () => {
      if (over()) return;
      const answer = await window.fetch(path, { cache: "no-store" }).then((got) => got.json(), () => null);
      if (!over() && !(answer && answer.code === 0 && seen(answer.data))) window.setTimeout(ask, POLL_MS);
    };
    ask();
  }

  /* A button that cannot be pressed twice: grey until the work is done. */
  async function busy(pressed, work) {
    const own = pressed.closest("button");
    own.disabled = true;
    own.classList.add("is-disabled", "is-loading");
    try {
      return await work();
    } finally {
      own.disabled = false;
      own.classList.remove("is-disabled", "is-loading");
    }
  }

  /* What stands where something is still being fetched. */
  const loading = () => h("div", { class: "el-loading", "data-words": words("加载中…") });

  return { h, app, draw, words, loading, button, input, item, loginForm, values, complete, tabs, table, message, box, dialog, expired, call, poll, busy };
})();
