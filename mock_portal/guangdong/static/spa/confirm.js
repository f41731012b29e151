/* Look "spa": the business page, at an origin of its own; in the hall's frame or in a tab. */
(() => {
  const { h, words } = gd;
  const EMPTY = {
    title: "单位信息确认",
    facts: Object.fromEntries(["单位名称", "统一社会信用代码", "单位管理码", "单位划型", "参保人数", "返还金额"].map((label) => [label, ""])),
    account: [["account_name", "户名"], ["bank", "开户银行"], ["account", "银行账号"]].map(([name, label]) => ({ name, label, value: "" })),
    contact: [["contact", "联系人"], ["phone", "联系电话"]].map(([name, label]) => ({ name, label, value: "" })),
  };
  const { method, refuses } = document.body.dataset;
  const said = h("div", { class: "said" });

  const inline = (text, kind = "error") => said.replaceChildren(h("div", { class: `el-alert el-alert--${kind}`, role: "alert" }, h("span", { class: "el-alert__title" }, words(text))));
  const refused = { toast: ui.toast, notification: ui.notify, box: ui.box, inline }[refuses];

  function facts(known) {
    const pairs = Object.entries(known);
    const rows = pairs.filter((_, index) => index % 2 === 0).map((pair, index) => [pair, pairs[2 * index + 1]].filter(Boolean));
    return h("table", { class: "el-descriptions__table is-bordered" }, h("tbody", {}, rows.map((row) => h("tr", {}, row.map(([label, value]) => [
      h("th", { class: "el-descriptions__label" }, label), h("td", { class: "el-descriptions__content" }, value)])))));
  }

  function field(each, still) {
    return gd.item(each.label, gd.input(each.name, "", { value: each.value, disabled: still }), !still);
  }

  /* The form stands at once; its data replace whatever is in it when they come, if they come. */
  function draw(data, { done = false } = {}) {
    const form = h("div", { class: "el-form labelled two" }, data.account.map((each) => field(each, data.locked || done)), data.contact.map((each) => field(each, done)));
    const send = !done && gd.button("提交", () => submit(data, form, send), "primary");
    gd.draw(h("h2", {}, data.title), data.prose && h("p", { class: "prose" }, data.prose),
      h("div", { class: "block-title" }, "基本情况"), facts(data.facts), h("div", { class: "block-title" }, "返还账户及联系方式"), form, said,
      h("div", { class: "form-actions" }, send, gd.button("返回", back)));
  }

  async function submit(data, form, send) {
    if (!gd.complete(form) || !await ui.box("确认提交单位信息确认？", { asks: true })) return;
    const body = gd.values(form);
    const answer = await gd.busy(send, () => ui.call("/api/confirm/submit", { body, method, refused }));
    if (!answer) return;
    const held = (fields) => fields.map((each) => ({ ...each, value: body[each.name] }));
    ui.toast("提交成功", "success");
    inline("申报信息已提交，可在“我的办件”查看办理进度", "success");
    draw({ ...data, account: held(data.account), contact: held(data.contact) }, { done: true });
  }

  function back() {
    if (window.parent !== window) window.parent.postMessage("done", "*");
    else window.close();
  }

  draw(EMPTY);
  ui.call("/api/confirm", { refused: ui.box }).then((data) => { if (data) draw(data); });
})();
