/* One batch: finding rows, working again, fetching results. */
import { change, refresh } from "/static/live.js";
import { ask, send, tell } from "/static/shell.js";
import "/static/views.js";

const find = document.getElementById("find");
const retry = document.getElementById("retry");
let typing = 0;

/* The list follows what is typed; the address says it too, so that a reload finds the same. */
find.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(search, 200);
});
find.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});

/* Whoever types before this script is there is heard, too. */
if (find.elements.q.value !== find.elements.q.defaultValue) search();

function search() {
  const wanted = new URLSearchParams([...new FormData(find)].filter(([, value]) => value));
  history.replaceState(null, "", wanted.size ? `?${wanted}` : location.pathname);
  refresh();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#open-retry")) retry.showModal();
  const button = event.target.closest?.("button[data-written]");
  if (button) fetchWritten(button);
});

retry.querySelector("button[value=no]").addEventListener("click", () => retry.close());
retry.addEventListener("close", () => {
  if (retry.returnValue !== "yes") return;
  const button = retry.querySelector("[data-retry]");
  const verdicts = [...retry.querySelectorAll("input:checked")].map((one) => one.value);
  retry.returnValue = "";
  change(button, button.dataset.retry, { verdicts });
});

/* Both are written when somebody wants them, so that they say how it stands now. */
async function fetchWritten(button) {
  button.disabled = true;
  try {
    let answer = await send(button.dataset.written);
    if (answer.password) {
      const password = await ask("工作簿的打开密码", { words: "这份工作簿加了密；密码只用这一次，不会保存。", field: "密码", secret: true });
      if (!password) return;
      answer = await send(button.dataset.written, { password });
    }
    if (button.dataset.open === "results") location.assign(answer.results);
    else if (!open(answer.report, "_blank")) location.assign(answer.report);
  } catch (problem) {
    tell(problem.message, { bad: true, seconds: 10 });
  } finally {
    button.disabled = false;
  }
}
