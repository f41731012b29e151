/* The password, for people at other machines. */

import { send } from "/static/shell.js";

const form = document.getElementById("login");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  problem.textContent = "";
  try {
    await send("/login", Object.fromEntries(new FormData(form)));
    location.replace("/");
  } catch (error) {
    problem.textContent = error.message;
    form.elements.password.select();
  } finally {
    button.disabled = false;
  }
});
