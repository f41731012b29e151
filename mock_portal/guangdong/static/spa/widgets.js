/* Look "spa": tables with a column drawn apart, pagers, radios, and the arithmetic captcha. */
const widgets = (() => {
  const { h, words } = gd;

  /* A radio that is drawn, with no input behind it. */
  function radio(checked, chosen) {
    const drawn = h("span", { class: `el-radio${checked ? " is-checked" : ""}`, role: "radio", "aria-checked": String(checked), tabindex: 0 },
      h("span", { class: "el-radio__input" }, h("span", { class: "el-radio__inner" })));
    drawn.addEventListener("click", chosen);
    return drawn;
  }

  const colgroup = (columns) => h("colgroup", {}, columns.map(([, , width]) => h("col", { width: width || null })));

  function cells(tag, columns, content, hidden) {
    return columns.map((column, index) => h(tag, { class: `el-table__cell${hidden(index) ? " is-hidden" : ""}`, colspan: 1, rowspan: 1 },
      h("div", { class: "cell" }, content(column))));
  }

  function head(columns, hidden) {
    return h("table", { class: "el-table__header", cellspacing: 0 }, colgroup(columns),
      h("thead", {}, h("tr", {}, cells("th", columns, ([caption]) => caption, hidden))));
  }

  function body(columns, rows, hidden) {
    return h("table", { class: "el-table__body", cellspacing: 0 }, colgroup(columns),
      h("tbody", {}, rows.map((row) => h("tr", { class: "el-table__row" }, cells("td", columns, ([, show]) => show(row), hidden)))));
  }

  /* columns: [caption, row → text or element, width]. With `apart` the first column is hidden in the table itself and
     shown by a second table above it, which hides all the others: every row is there twice. */
  function table(columns, rows, { apart = false } = {}) {
    const main = (index) => apart && index === 0;
    const above = (index) => index > 0;
    return h("div", { class: "el-table el-table--fit el-table--border" },
      h("div", { class: "el-table__header-wrapper" }, head(columns, main)),
      h("div", { class: "el-table__body-wrapper" }, body(columns, rows, main),
        rows.length === 0 && h("div", { class: "el-table__empty-block" }, h("span", { class: "el-table__empty-text" }, words("暂无数据")))),
      apart && rows.length > 0 && h("div", { class: "el-table__fixed", style: `width:${columns[0][2]}px` },
        h("div", { class: "el-table__fixed-header-wrapper" }, head(columns, above)),
        h("div", { class: "el-table__fixed-body-wrapper" }, body(columns, rows, above))));
  }

  function pager(total, page, size, go) {
    const pages = Math.max(1, Math.ceil(total / size));
    const step = (look, name, to) => h("button", { type: "button", class: look, "aria-label": name, disabled: to < 1 || to > pages, onclick: () => go(to) }, h("i", { class: `el-icon arrow-${look}` }));
    const numbers = Array.from({ length: pages }, (_, index) => index + 1).map((number) =>
      h("li", { class: `number${number === page ? " is-active" : ""}`, onclick: () => go(number) }, String(number)));
    return h("div", { class: "el-pagination is-background" }, h("span", { class: "el-pagination__total" }, `共 ${total} 条`),
      step("btn-prev", "上一页", page - 1), h("ul", { class: "el-pager" }, numbers), step("btn-next", "下一页", page + 1));
  }

  /* A list that is fetched page by page; the rows before stay under the mask until the new ones are there. */
  function paged(address, draw, { size = 10, kept = { total: 0, rows: [], page: 1 } } = {}) {
    const holder = h("div", { class: "paged" });
    const state = kept;
    const show = () => holder.replaceChildren(draw(state.rows), pager(state.total, state.page, size, go));
    async function go(page, more = state.more) {
      const query = new URLSearchParams({ page, size, ...more });
      const data = await ui.masked(holder, () => ui.call(`${address}?${query}`, { refused: ui.box }));
      if (data) Object.assign(state, data, { page, more });
      show();
    }
    show();
    go(state.page);
    return { holder, go, show };
  }

  /* The sum of the login forms, in a box, and an icon that draws another one. The old one stands until the new is there. */
  function captcha() {
    const drawn = h("div", { class: "captcha-body captcha" });
    const field = h("input", { class: "el-input__inner", type: "text", autocomplete: "off", name: "captcha", placeholder: "请输入图中算式的计算结果", maxlength: 4 });
    const asBackground = document.body.dataset.captcha === "background";
    async function renew() {
      field.value = "";
      const data = await ui.call("/api/captcha");
      if (!data) return;
      if (asBackground) drawn.style.backgroundImage = `url(${data.image})`;
      else drawn.replaceChildren(h("img", { src: data.image }));
    }
    renew();
    return { renew, row: h("div", { class: "captcha-row" }, h("div", { class: "el-input" }, field), drawn, h("i", { class: "el-icon refresh", onclick: renew })) };
  }

  /* account, password, sum, button; send(values, refused) answers nothing of interest. */
  function loginForm(send, { look = "el-button el-button--primary" } = {}) {
    const sum = captcha();
    const form = h("form", { class: "el-form", onsubmit: (event) => event.preventDefault() },
      gd.item("", gd.input("account", "请输入账号", { id: "uesrname" })),
      gd.item("", gd.input("password", "请输入密码", { type: "password" })),
      gd.item("", sum.row));
    const refused = (text) => { ui.toast(text); sum.renew(); };
    const press = async (event) => {
      if (gd.complete(form)) await gd.busy(event.target, () => send(gd.values(form), refused));
    };
    form.append(h("button", { type: "button", class: `${look} login-button`, onclick: press }, h("span", {}, "登录")));
    return form;
  }

  return { radio, table, pager, paged, captcha, loginForm };
})();
