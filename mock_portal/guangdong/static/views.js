/* What the shell shows for each address: drawn empty at once, filled when the data is there. */
const views = (() => {
  const { h } = gd;
  const categories = JSON.parse(gd.app().dataset.categories);
  const notOffered = gd.app().dataset.notOffered;
  const LATE_MS = 120;
  const later = () => gd.box(notOffered);
  const BUSINESS = "#/apply";

  function home() {
    const tiles = ["单位参保证明", "社保缴费查询", "工资申报", "电子劳动合同"];
    return h("div", { class: "home" },
      h("div", { class: "banner" }, h("b", {}, "欢迎使用网上服务平台"), h("p", {}, "办理业务请从上方菜单进入")),
      h("div", { class: "tiles" }, tiles.map((name) => h("div", { class: "tile", onclick: later }, h("i", {}), h("span", {}, name)))),
      h("div", { class: "news" }, h("h3", {}, "通知公告"), h("ul", {},
        h("li", {}, "关于做好失业保险稳岗返还工作的通知", h("time", {}, "06-28")),
        h("li", {}, "网上服务平台升级维护公告", h("time", {}, "05-17")))));
  }

  /* -- 在线服务 -- */

  const place = (query) => `#/service?${new URLSearchParams(query)}`;
  const goTo = (query) => () => { window.location.hash = place(query); };

  function service(query) {
    const category = query.get("category") || "";
    const parts = categories[category] || [];
    const part = query.get("part") || parts[0] || "";
    const keyword = query.get("keyword") || "";
    const list = h("div", { class: "item-list" });
    const side = h("ul", { class: "el-menu side", role: "menu" }, Object.keys(categories).map((name) =>
      h("li", { class: `el-menu-item${name === category ? " is-active" : ""}`, role: "menuitem", onclick: goTo({ category: name }) }, name)));
    const chips = parts.length > 0 && gd.tabs(parts, part, (name) => goTo({ category, part: name })());
    if (part || keyword) fill(list, keyword ? { keyword } : { part });
    else list.append(h("p", { class: "hint" }, "请在左侧选择服务分类，或按名称搜索"));
    return h("div", { class: "service" }, side, h("div", { class: "service-main" }, search(keyword), chips, list));
  }

  function search(keyword) {
    const field = gd.input("keyword", "请输入事项名称", { value: keyword });
    const find = () => goTo({ keyword: field.firstChild.value.trim() })();
    return h("div", { class: "search" }, field, gd.button("搜索", find, "primary"));
  }

  /* The rows are drawn, and drawn anew when their figures have come. */
  async function fill(list, query) {
    list.append(gd.loading());
    const found = await gd.call(`/api/items?${new URLSearchParams(query)}`);
    if (!found) return;
    const rows = (figures) => [h("ul", { class: "items" }, found.map((each) => row(each, figures))), h("p", { class: "count" }, `共 ${found.length} 项`)];
    list.replaceChildren(...rows(false));
    window.setTimeout(() => list.replaceChildren(...rows(true)), LATE_MS);
  }

  function row(each, figures) {
    return h("li", { class: "item" }, h("span", { class: "item-name" }, each.name), h("span", { class: "item-department" }, each.department),
      h("span", { class: "item-count" }, figures ? `办理量 ${each.count}` : ""),
      h("span", { class: "item-actions" },
        gd.button("办事指南", () => window.open(`/web/guide.html?item=${encodeURIComponent(each.name)}`), "default", { class: "el-button--small" }),
        gd.button("单位办理", (event) => open(each, event.target), "primary", { class: "el-button--small", icon: "el-icon-arrow-right" })));
  }

  async function open(each, pressed) {
    const data = await gd.busy(pressed, () => gd.call("/api/open", { item: each.key }));
    if (!data) return;
    if (data.opens === "window") window.open(data.address);
    else window.location.hash = BUSINESS;
  }

  const business = () => h("iframe", { class: "business-frame", name: "business", src: "/web/business/confirm.html" });

  /* -- 我的办件, 账户管理, 实名认证 -- */

  const columnsOf = (names) => names.map((name) => [name, (row) => row[name]]);
  const listing = (names, rows) => [gd.table(columnsOf(names), rows), h("div", { class: "el-pagination" }, h("span", { class: "el-pagination__total" }, `共 ${rows.length} 条`))];

  function mine() {
    const holder = h("div", { class: "panel" }, gd.loading());
    gd.call("/api/filings").then((rows) => {
      if (rows) holder.replaceChildren(...listing(["办件编号", "事项名称", "申请单位", "申请年度", "申请时间", "办件状态"], rows));
    });
    return holder;
  }

  function account() {
    const holder = h("div", { class: "panel" }, gd.loading());
    const people = { 子账号信息: ["经办人姓名", "经办人账号", "绑定状态"], 父账号信息: ["单位名称", "单位账号", "绑定状态"] };
    gd.call("/api/account").then((data) => {
      if (!data) return;
      const draw = (name) => holder.replaceChildren(gd.tabs(Object.keys(data), name, draw), ...(people[name] ? listing(people[name], data[name])
        : [h("div", { class: "el-form labelled" }, Object.entries(data[name]).map(([label, value]) => gd.item(label, h("span", {}, value || "—"))))]));
      draw("账号信息");
    });
    return holder;
  }

  function realname() {
    return h("div", { class: "panel" }, h("p", { class: "hint" }, "请从右侧选择办理内容"),
      h("div", { class: "float-side" }, ["申请单位授权码", "授权码实名"].map((name) => h("a", { href: "javascript:void(0)", onclick: later }, name))));
  }

  return { "#/home": home, "#/service": service, [BUSINESS]: business, "#/mine": mine, "#/account": account, "#/realname": realname };
})();
