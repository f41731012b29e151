/* Look "spa": the dialog with the bound units, ten to a page, and a radio that is no input. */
const units = (() => {
  const { h } = gd;
  const NAMES = ["单位名称", "统一社会信用代码", "单位管理码"];

  async function enter(code, pressed) {
    if (!code) { ui.toast("请选择单位", "warning"); return; }
    const data = await gd.busy(pressed, () => ui.call("/api/unit", { body: { code } }));
    if (!data) return;
    const stays = data.address.startsWith(window.location.pathname);
    window.location.href = data.address;
    if (stays) window.location.reload();
  }

  function choose() {
    let code = "";
    const own = (row) => row["统一社会信用代码"];
    const list = widgets.paged("/api/units", (rows) => widgets.table(
      [["", (row) => widgets.radio(own(row) === code, () => { code = own(row); list.show(); }), 54], ...NAMES.map((name) => [name, (row) => row[name]])], rows));
    ui.dialog("请选择办理业务的单位", h("div", { class: "units" }, list.holder),
      gd.button("为选中的单位办理业务，点击此处登录", (event) => enter(code, event.target), "primary"));
  }

  return { choose };
})();
