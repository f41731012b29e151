/* Look "spa": what the hall shows for each address. */
const views = (() => {
  const { h } = gd;
  const categories = JSON.parse(gd.app().dataset.categories);
  const BOX = "请输入您要办理的事项或服务";
  const address = (path, query) => `${path}?${new URLSearchParams(query)}`;
  const goTo = (path, query) => () => hall.go(address(path, query));

  function searchBox(keyword, find, more = {}) {
    const field = gd.input("keyword", BOX, { value: keyword, ...more });
    return h("div", { class: "hall-search" }, field, gd.button("搜索", () => find(field.firstChild.value.trim()), "primary"));
  }

  /* The box on the home is only a door: a click leads to the page where one searches. */
  function home() {
    const away = () => hall.go("#/search");
    const hot = h("div", { class: "cards" });
    const card = (each) => h("div", { class: "el-card service-card", onclick: goTo("#/item", { name: each.name }) }, h("i", { class: "el-icon doc" }), h("span", {}, each.name));
    ui.call(address("/api/items", { part: "失业保险" })).then((found) => { if (found) hot.replaceChildren(...found.slice(0, 4).map(card)); });
    return h("div", { class: "home" },
      h("div", { class: "hall-banner" }, h("p", { class: "slogan" }, "数字人社 便民利企"), searchBox("", away, { onfocus: away })),
      h("h3", {}, "热门服务"), hot,
      h("h3", {}, "通知公告"), h("ul", { class: "news" }, h("li", {}, "关于做好失业保险稳岗返还工作的通知", h("time", {}, "06-28"))));
  }

  const found = (list) => list.map((each) => h("div", { class: "el-card result-card" },
    h("div", { class: "result-name" }, each.name), h("div", { class: "result-about" }, `实施主体：${each.department}`),
    h("div", { class: "result-actions" }, guide(each), apply(each, "单位办理（全程网办）"))));

  function search(query) {
    const keyword = query.get("keyword") || "";
    const list = h("div", { class: "results" });
    if (keyword) {
      ui.masked(list, () => ui.call(address("/api/items", { keyword }))).then((data) => {
        if (data) list.replaceChildren(...found(data), h("p", { class: "count" }, `共 ${data.length} 条结果`));
      });
    }
    return h("div", { class: "search-page" }, searchBox(keyword, (text) => hall.go(address("#/search", { keyword: text }))), list);
  }

  /* -- 在线服务: cards of categories, and under each a tree whose branches are folded -- */

  function service(query) {
    const category = query.get("category");
    if (categories[category]) return tree(category);
    return h("div", { class: "cards" }, Object.keys(categories).map((name) =>
      h("div", { class: "el-card category-card", onclick: goTo("#/service", { category: name }) }, h("i", { class: "el-icon folder" }), h("div", { class: "card-name" }, name))));
  }

  function node(caption, look, press, children) {
    return h("div", { class: `el-tree-node ${look}`, role: "treeitem", "aria-expanded": children && "false" },
      h("div", { class: "el-tree-node__content", onclick: press }, h("i", { class: `el-tree-node__expand-icon${children ? "" : " is-leaf"}` }), h("span", { class: "el-tree-node__label" }, caption)),
      children);
  }

  function branch(part, detail) {
    const children = h("div", { class: "el-tree-node__children", role: "group" });
    children.hidden = true;
    const made = node(part, "", async () => {
      children.hidden = !children.hidden;
      made.classList.toggle("is-expanded", !children.hidden);
      made.setAttribute("aria-expanded", String(!children.hidden));
      if (children.childElementCount) return;
      const items = await ui.masked(made, () => ui.call(address("/api/items", { part })));
      if (items) children.append(...items.map((each) => node(each.name, "leaf", () => detail.replaceChildren(...about(each)))));
    }, children);
    return made;
  }

  function tree(category) {
    const detail = h("div", { class: "item-detail" });
    return h("div", { class: "service" }, h("div", { class: "el-card" }, h("div", { class: "el-card__header" }, category),
      h("div", { class: "el-tree", role: "tree" }, categories[category].map((part) => branch(part, detail)))), detail);
  }

  const about = (each) => [h("h2", {}, each.name), h("p", {}, `实施主体：${each.department}`), h("p", {}, `办理量：${each.count}`), h("div", {}, guide(each), apply(each, "单位办理"))];

  function item(query) {
    const detail = h("div", { class: "item-detail" });
    const keyword = query.get("name");
    ui.call(address("/api/items", { keyword })).then((data) => { if (data && data.length) detail.append(...about(data[0])); });
    return detail;
  }

  const guide = (each) => gd.button("办事指南", () => window.open(`/web/guide.html?item=${encodeURIComponent(each.name)}`));
  const apply = (each, caption) => gd.button(caption, (event) => open(each, event.target), "primary");

  async function open(each, pressed) {
    const data = await gd.busy(pressed, () => ui.call("/api/open", { body: { item: each.key }, refused: ui.box }));
    if (!data) return;
    if (data.opens === "window") { window.open(data.address); return; }
    window.sessionStorage.business = data.address;
    hall.go(address("#/apply", { name: each.name }));
  }

  function business(query) {
    return h("div", { class: "apply" }, h("div", { class: "el-breadcrumb" }, `在线服务 / ${query.get("name")}`),
      h("iframe", { class: "app-frame", src: window.sessionStorage.business || "about:blank" }));
  }

  /* -- 我的办件: what was shown last stands there, under a mask, until the new rows have come -- */

  const kept = { total: 0, rows: [], page: 1 };

  function mine() {
    const print = (row) => h("a", { class: "el-link", onclick: () => window.open(`${document.body.dataset.business}/web/business/receipt.html?serial=${row["办件编号"]}`) }, "打印凭证");
    const columns = [["办件编号", 220], ["事项名称", 240], ["申请单位", 220], ["申请年度", 90], ["申请时间", 170], ["办件状态", 100]];
    const draw = (rows) => widgets.table([...columns.map(([name, width]) => [name, (row) => row[name], width]), ["操作", print, 100]], rows, { apart: true });
    const list = widgets.paged("/api/filings", draw, { kept });
    const field = gd.input("keyword", "事项名称");
    const find = () => list.go(1, { keyword: field.firstChild.value.trim() });
    return h("div", { class: "panel" }, h("div", { class: "filters" }, field, gd.button("查询", find, "primary")), list.holder);
  }

  return { "#/home": home, "#/search": search, "#/service": service, "#/item": item, "#/apply": business, "#/mine": mine };
})();
