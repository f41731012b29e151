/* The business page 单位信息确认, in the shell's frame or in a tab of its own. */
(() => {
  const { h } = gd;

  function field(each, locked) {
    const shown = locked ? h("span", {}, each.value || "—") : gd.input(each.name, "", { value: each.value });
    return gd.item(each.label, shown, !locked);
  }

  const section = (title, ...items) => h("fieldset", { class: "section" }, h("legend", {}, title), h("div", { class: "el-form labelled two" }, items));

  function page(data) {
    const form = h("div", { class: "confirm" },
      section("基本情况", Object.entries(data.facts).map(([label, value]) => gd.item(label, h("span", {}, value)))),
      section("返还账户", data.account.map((each) => field(each, data.locked))),
      section("联系方式", data.contact.map((each) => field(each, false))));
    const send = gd.button("提交", () => gd.box("确认提交单位信息确认？", { yes: () => submit(form, send), no: () => {} }), "primary");
    gd.draw(h("h2", {}, data.title), data.prose && h("p", { class: "hint" }, data.prose), form, h("div", { class: "buttons" }, send));
  }

  async function submit(form, send) {
    const data = await gd.busy(send, () => gd.call("/api/confirm/submit", gd.values(form)));
    if (data) receipt(data.serial);
  }

  function receipt(serial) {
    gd.draw(h("div", { class: "result" }, h("i", { class: "el-icon-success" }), h("b", {}, gd.words("提交成功")), h("p", {}, `办件编号：${serial}`),
      h("div", { class: "buttons" }, gd.button("打印回执", () => window.open(`/web/business/receipt.html?serial=${serial}`)), gd.button("返回", back, "primary"))));
  }

  /* To the shell around the page, or to the tab that it was opened from. */
  function back() {
    if (window.parent !== window) window.parent.location.hash = "#/service";
    else if (window.opener) window.close();
    else window.location.href = "/web/index.html#/home";
  }

  gd.draw(gd.loading());
  gd.call("/api/confirm").then((data) => { if (data) page(data); });
})();
