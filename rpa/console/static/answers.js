/* How answers read on the page, and as they are sent. */

const DECIDED = {
  approval: ["已同意提交", "已退回"],
  clearing: ["已确认从未提交", "保持待核实"],
  scan: ["已扫码", "扫不了"],
  takeover: ["已办好", "办不了"],
};

/** What was answered, in a few words; `text` as the server has it. */
export function inShort(request, text) {
  if (!request.yes_or_no) return text ? `已发送 ${text}` : "已发送";
  return DECIDED[request.kind][text === "y" ? 0 : 1];
}

/** What a person had typed for an answer: of a decision the reason alone. */
export function typedIn(request, text) {
  return request.yes_or_no ? text.replace(/^(y|n ?)/, "") : text;
}
