/* A new batch: the workbook in, its findings out, and off it goes. */
import { ask, send, tell } from "/static/shell.js";

const drop = document.getElementById("drop");
const file = document.getElementById("file");
const busy = document.getElementById("busy");
const checked = document.getElementById("checked");

file.addEventListener("change", () => {
  take([...file.files]);
  file.value = ""; // the same file, corrected, may come again
});
drop.addEventListener("submit", (event) => event.preventDefault());

/* Anywhere in the window will do: a workbook dropped beside the box would otherwise be opened instead. */
addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
});

async function take(files) {
  const problem = wrongWith(files);
  if (problem) {
    say(problem);
    return;
  }
  const form = new FormData();
  form.append("file", files[0]);
  await working(async () => {
    const { upload } = await send("/uploads", form);
    history.replaceState(null, "", `/start?upload=${upload}`);
    await check(upload);
  });
}

function wrongWith(files) {
  if (files.length !== 1) return "一次放入一个文件";
  const [one] = files;
  if (!/\.xls[xm]?$/i.test(one.name)) return `“${one.name}”不是 Excel 工作簿，请放入 .xlsx 文件`;
  if (!one.size) return `“${one.name}”是空文件，请检查是否没有保存或没有下载完整`;
  return one.size > Number(drop.dataset.limit) - 4096 ? drop.dataset.tooLarge : "";
}

async function check(upload) {
  const answer = await unlocked(`/uploads/${upload}/check`, {});
  if (!answer) return;
  checked.innerHTML = answer.html; // made by our own templates, which escape every value
  checked.querySelector("h2").focus();
}

/* Some workbooks have a password; it is asked for each time, since nobody keeps it. */
async function unlocked(address, body) {
  const answer = await send(address, body);
  if (!answer.password) return answer;
  const password = await ask("工作簿的打开密码", { words: "这份工作簿加了密；密码只用这一次，不会保存。", field: "密码", secret: true });
  return password ? send(address, { ...body, password }) : null;
}

async function working(act) {
  busy.hidden = false;
  drop.classList.add("busy");
  try {
    await act();
  } catch (problem) {
    say(problem.message);
  } finally {
    busy.hidden = true;
    drop.classList.remove("busy");
  }
}

function say(words) {
  const line = Object.assign(document.createElement("p"), { className: "notice bad", textContent: words });
  line.setAttribute("role", "alert");
  checked.replaceChildren(line);
}

checked.addEventListener("change", (event) => {
  if (event.target.id === "only") document.getElementById("found").classList.toggle("only", event.target.checked);
  if (event.target.name === "until") document.getElementById("approve").disabled = event.target.value !== "submit";
});

checked.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("button.main");
  const chosen = (name) => form.querySelector(`input[name=${name}]:checked`).value;
  button.disabled = true;
  try {
    const answer = await unlocked(`/uploads/${form.dataset.upload}/start`, { until: chosen("until"), approve: chosen("approve") });
    if (answer) location.assign(answer.address);
  } catch (problem) {
    tell(problem.message, { bad: true, seconds: 10 });
  } finally {
    button.disabled = false;
  }
});

const before = new URLSearchParams(location.search).get("upload");
if (before) working(() => check(before));
