/* What every page has: sending, telling, the person's name, being reminded. */

import { remind } from "/static/reminder.js";

/** Send a change; resolves to the answer, throws an Error whose message a person can read, with the status. */
export async function send(address, body = {}) {
  const form = body instanceof FormData;
  const headers = { "X-RPA-Console": "1" };
  if (!form) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(address, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
  } catch {
    throw new Error("连不上办理程序，请看它是否还在运行");
  }
  if (response.status === 401) location.assign("/login");
  const text = await response.text();
  let answer = {};
  try { answer = JSON.parse(text); } catch { answer = { error: text }; }
  if (!response.ok) {
    throw Object.assign(new Error(answer.error || `没有成功（${response.status}）`), { status: response.status });
  }
  return answer;
}

/** Show a line for a few seconds, with a button where there is something to do about it. */
export function tell(words, { bad = false, button = "", act = null, seconds = 5 } = {}) {
  const line = document.createElement("div");
  line.className = bad ? "toast bad" : "toast";
  line.append(Object.assign(document.createElement("span"), { textContent: words }));
  if (button) {
    const press = Object.assign(document.createElement("button"), { type: "button", textContent: button });
    press.addEventListener("click", () => { line.remove(); act(); });
    line.append(press);
  }
  document.getElementById("toasts").append(line);
  setTimeout(() => line.remove(), seconds * 1000);
  return line;
}

/** Ask in a dialog; resolves to what was typed (or "" where nothing is to type), null when put off. */
export function ask(title, { words = "", field = "", value = "", yes = "确定", danger = false, secret = false } = {}) {
  const dialog = document.createElement("dialog");
  const form = Object.assign(document.createElement("form"), { method: "dialog" });
  const name = `ask-${Date.now()}`;
  dialog.setAttribute("aria-labelledby", name);
  form.append(Object.assign(document.createElement("h2"), { textContent: title, id: name }));
  if (words) form.append(Object.assign(document.createElement("p"), { textContent: words }));
  let input = null;
  if (field) {
    const label = Object.assign(document.createElement("label"), { textContent: `${field} ` });
    input = Object.assign(document.createElement("input"), { value, type: secret ? "password" : "text", autocomplete: "off" });
    label.append(input);
    form.append(label);
  }
  const footer = document.createElement("footer");
  const no = Object.assign(document.createElement("button"), { type: "button", textContent: "不了" });
  const ok = Object.assign(document.createElement("button"), { value: "yes", textContent: yes, className: danger ? "danger" : "main" });
  footer.append(no, ok);
  form.append(footer);
  dialog.append(form);
  document.body.append(dialog);
  return new Promise((resolve) => {
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? (input ? input.value.trim() : "") : null);
    });
    dialog.showModal();
  });
}

const person = document.getElementById("person");
person?.addEventListener("click", async () => {
  const name = await ask("您的姓名", { words: "您答复和操作的记录里会写上它。", field: "姓名", value: person.querySelector("b").textContent });
  if (!name) return;
  try {
    person.querySelector("b").textContent = (await send("/name", { name })).name;
  } catch (problem) {
    tell(problem.message, { bad: true });
  }
});

if (person) remind(tell);
