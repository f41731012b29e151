/* The dialog with the units that a handler is bound to: after the login, and whenever the unit is switched. */
const units = (() => {
  const { h } = gd;

  function radio(row, chosen) {
    const box = h("input", { type: "radio", class: "el-radio__original", name: "unit", value: row["统一社会信用代码"] });
    const drawn = h("span", { class: "el-radio__input" }, h("span", { class: "el-radio__inner" }), box);
    box.addEventListener("change", () => {
      document.querySelectorAll(".units .el-radio__input").forEach((other) => other.classList.toggle("is-checked", other === drawn));
      chosen(box.value);
    });
    return h("label", { class: "el-radio" }, drawn);
  }

  async function go(code, pressed) {
    if (!code) { gd.box("请选择单位"); return; }
    const data = await gd.busy(pressed, () => gd.call("/api/unit", { code }));
    if (!data) return;
    const stays = data.address.startsWith(window.location.pathname);
    window.location.href = data.address;
    if (stays) window.location.reload(); // only the hash has changed: the shell belongs to another unit now
  }

  async function choose() {
    const rows = await gd.call("/api/units");
    if (!rows) return;
    let code = "";
    const names = ["单位名称", "统一社会信用代码", "单位管理码"];
    const columns = [["", (row) => radio(row, (value) => { code = value; }), 50], ...names.map((name) => [name, (row) => row[name]])];
    const enter = gd.button("为选中的单位办理业务，点击此处登录", (event) => go(code, event.target), "primary");
    gd.dialog("请选择办理业务的单位", h("div", { class: "units" }, gd.table(columns, rows)), enter);
  }

  return { choose };
})();
