/* The first login by the identity provider (G3): two pages, then a login all over again. */
(() => {
  const { h } = gd;
  const facts = { ...gd.app().dataset };

  function frame(title, ...content) {
    const steps = ["单位所属实名人员信息", "单位信息"];
    gd.draw(h("div", { class: "brand" }, h("i", { class: "emblem" }), h("b", {}, "广东省人力资源和社会保障厅"), h("em", {}, "网上服务平台")),
      h("div", { class: "sheet-card" },
        title && h("ol", { class: "el-steps" }, steps.map((name) => h("li", { class: name === title ? "el-step is-process" : "el-step", "data-title": name }))),
        title && h("h2", {}, title), ...content));
  }

  function person() {
    const form = h("div", { class: "el-form labelled" },
      gd.item("个人账号", gd.input("account", ""), true),
      gd.item("个人账号密码", gd.input("password", "", { type: "password" }), true),
      facts.identity && [gd.item("经办人姓名", gd.input("name", ""), true), gd.item("身份证件号码", gd.input("id_number", "", { maxlength: 18 }), true)]);
    const next = gd.button("下一步", async (event) => {
      if (!gd.complete(form)) return;
      if (await gd.busy(event.target, () => gd.call("/api/setup/person", gd.values(form), gd.message))) unit();
    }, "primary");
    frame("单位所属实名人员信息", h("p", { class: "hint" }, "请填写单位经办人在广东人社统一认证用户体系下的个人实名账号信息"), form, h("div", { class: "buttons" }, next));
  }

  function unit() {
    const form = h("div", { class: "el-form labelled" },
      gd.item("单位名称", h("span", {}, facts.name)),
      gd.item("统一社会信用代码", h("span", {}, facts.code)),
      gd.item("联系人", gd.input("contact", "", { value: facts.contact }), true),
      gd.item("联系电话", gd.input("phone", "", { value: facts.phone }), true));
    const send = gd.button("提交", async (event) => {
      if (!gd.complete(form)) return;
      const data = await gd.busy(event.target, () => gd.call("/api/setup/unit", gd.values(form)));
      if (data) frame("", h("div", { class: "result" }, h("i", { class: "el-icon-success" }), h("b", {}, data.message)));
    }, "primary");
    frame("单位信息", form, h("div", { class: "buttons" }, send));
  }

  if (facts.step === "unit") unit();
  else person();
})();
