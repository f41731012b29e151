/* Look "spa": what floats above the page, and the calls, as front ends on element-plus have them. */
const ui = (() => {
  const { h, words } = gd;
  const TOAST_MS = 2500;
  const FADE_MS = 300;
  let layer = 2000;
  let toasts = 0;

  /* A message at the top: it goes by itself, and fades. */
  function toast(text, kind = "error") {
    const said = h("div", { role: "alert", class: `el-message el-message--${kind}`, style: `top:${16 + 56 * toasts}px;z-index:${++layer}` },
      h("i", { class: `el-icon el-message__icon ${kind}` }), h("p", { class: "el-message__content" }, words(text)));
    document.body.append(said);
    toasts += 1;
    window.setTimeout(() => {
      toasts -= 1;
      said.classList.add("el-message-fade-leave-active");
      window.setTimeout(() => said.remove(), FADE_MS);
    }, TOAST_MS);
  }

  /* A card in the corner: it stays until it is closed. */
  function notify(text, { title = "提示", kind = "warning" } = {}) {
    const card = h("div", { role: "alert", class: "el-notification right", style: `z-index:${++layer}` },
      h("i", { class: `el-icon el-notification__icon ${kind}` }),
      h("div", { class: "el-notification__group" }, h("h2", { class: "el-notification__title" }, words(title)),
        h("div", { class: "el-notification__content" }, h("p", {}, words(text))),
        h("i", { class: "el-icon el-notification__closeBtn close", onclick: () => card.remove() })));
    document.body.append(card);
  }

  function overlay(look, title, drawn) {
    const over = h("div", { class: `el-overlay ${look}`, style: `z-index:${++layer}` },
      h("div", { role: "dialog", "aria-modal": "true", "aria-label": title, class: "el-overlay-dialog" }, drawn));
    document.body.append(over);
    document.body.classList.add("el-popup-parent--hidden");
    return () => {
      over.remove();
      document.body.classList.toggle("el-popup-parent--hidden", Boolean(document.querySelector(".el-overlay")));
    };
  }

  const cross = (name, close) => h("button", { type: "button", class: `${name}__headerbtn`, "aria-label": "Close", onclick: close }, h("i", { class: "el-icon close" }));

  /* A message box; answers whether 确定 was pressed. */
  function box(said, { title: named = "提示", asks = false } = {}) {
    return new Promise((resolve) => {
      const title = words(named);
      let close;
      const answer = (yes) => () => { close(); resolve(yes); };
      close = overlay("is-message-box", title, h("div", { class: "el-message-box" },
        h("div", { class: "el-message-box__header" }, h("div", { class: "el-message-box__title" }, h("span", {}, title)), cross("el-message-box", answer(false))),
        h("div", { class: "el-message-box__content" }, h("div", { class: "el-message-box__container" },
          h("i", { class: "el-icon el-message-box__status warning" }), h("div", { class: "el-message-box__message" }, h("p", {}, words(said))))),
        h("div", { class: "el-message-box__btns" }, asks && gd.button(words("取消"), answer(false)), gd.button(words("确定"), answer(true), "primary"))));
    });
  }

  function dialog(named, body, footer) {
    const title = words(named);
    const close = overlay("", title, h("div", { class: "el-dialog" },
      h("div", { class: "el-dialog__header" }, h("span", { class: "el-dialog__title" }, title), cross("el-dialog", () => close())),
      h("div", { class: "el-dialog__body" }, body), h("div", { class: "el-dialog__footer" }, h("span", { class: "dialog-footer" }, footer))));
    return close;
  }

  /* A mask over what is being fetched anew; what stood there stays under it. */
  async function masked(holder, work) {
    const mask = h("div", { class: "el-loading-mask" }, h("div", { class: "el-loading-spinner" }, h("i", { class: "circular" })));
    holder.classList.add("el-loading-parent--relative");
    holder.append(mask);
    try {
      return await work();
    } finally {
      mask.remove();
    }
  }

  /* Ask the server; its data, or null when it said no: that has been told then, and the page stays as it is. */
  function call(path, { body = null, method = body ? "POST" : "GET", refused = toast } = {}) {
    return new Promise((resolve) => {
      const request = new window.XMLHttpRequest();
      request.open(method, path);
      if (body) request.setRequestHeader("Content-Type", "application/json;charset=UTF-8");
      request.onerror = () => { toast("网络异常，请稍后再试"); resolve(null); };
      request.onload = () => {
        const answer = JSON.parse(request.responseText);
        if (answer.code === 0) { resolve(answer.data); return; }
        if (answer.code === 1) refused(answer.message);
        else toast(answer.message);
        resolve(null);
      };
      request.send(body && JSON.stringify(body));
    });
  }

  return { toast, notify, box, dialog, masked, call };
})();
