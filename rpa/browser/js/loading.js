// Whether a list is still being drawn, as a person sees it: something that turns stands over it. Needs dom, find.

const LOADING =
  ".el-loading-mask, .layui-layer-loading, .layui-table-init, .layui-table-loading, .ant-spin-spinning, .datagrid-mask, .datagrid-mask-msg, .ag-overlay-loading-wrapper, .ag-loading, .ivu-spin-fix, .blockUI, [aria-busy=true]";
const WAITING_WORDS = /加载|载入|loading|请稍|处理中|查询中|正在/i;

const SAYS_WAIT = /^(?:(?:正在|数据)?(?:加载|载入|查询|读取|获取)中?|loading)[.…。]*$/i;

const overlaps = (one, other) => one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;

/** Whether something shows that it is at work: it turns without end, or says so. */
function atWork(el) {
  const turns = (one) => one.playState === "running" && one.effect?.getComputedTiming().endTime === Infinity && el.contains(one.effect?.target);
  return WAITING_WORDS.test(el.textContent.slice(0, 80)) || el.ownerDocument.getAnimations().some(turns);
}

/** What covers the middle of a list without being part of it, up to the outermost element that floats. */
function coverOf(root) {
  const box = root.getBoundingClientRect();
  const hit = root.ownerDocument.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!hit || hit === root || root.contains(hit) || hit.contains(root)) return null;
  let cover = hit;
  while (cover.parentElement && !cover.parentElement.contains(root)) cover = cover.parentElement;
  return cover;
}

/** Whether a list says so where its rows will be. */
function saysWait(root) {
  const cells = Array.from(root.querySelectorAll("td, div, p, span, li")).filter((el) => el.childElementCount === 0);
  return cells.some((el) => SAYS_WAIT.test(normalise(el.textContent)) && visible(el));
}

/** Whether a list is under a mask that says: not yet, or says so itself. */
function isLoading(root) {
  if (saysWait(root)) return true;
  const box = root.getBoundingClientRect();
  const marked = Array.from(root.ownerDocument.querySelectorAll(LOADING)).filter((el) => visible(el) && Number(getComputedStyle(el).opacity) > 0);
  if (marked.some((el) => el.contains(root) || overlaps(el.getBoundingClientRect(), box))) return true;
  const cover = coverOf(root);
  return cover !== null && !cover.querySelector("input, button, select, textarea") && atWork(cover);
}
