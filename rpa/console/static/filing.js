/* One filing: its pictures large, one after the other. */
import "/static/live.js";
import "/static/views.js";

const shots = document.getElementById("shots");
const large = Object.assign(document.createElement("dialog"), { className: "large" });
let place = 0;

shots.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show([...shots.querySelectorAll("a")].indexOf(link));
  large.showModal();
});

large.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight") show(place + 1);
  if (event.key === "ArrowLeft") show(place - 1);
});

function show(wanted) {
  const links = [...shots.querySelectorAll("a")];
  place = Math.min(Math.max(wanted, 0), links.length - 1);
  const link = links[place];
  const what = `${link.querySelector("span").textContent}　${link.querySelector("small").textContent}`;
  large.setAttribute("aria-label", what);
  const bar = Object.assign(document.createElement("footer"), {});
  bar.append(
    Object.assign(document.createElement("span"), { textContent: what }),
    button("上一张", place > 0, () => show(place - 1)),
    button("下一张", place < links.length - 1, () => show(place + 1)),
    button("关闭", true, () => large.close()),
  );
  large.replaceChildren(Object.assign(new Image(), { src: link.href, alt: what }), bar);
  bar.lastChild.focus();
}

function button(textContent, usable, act) {
  const one = Object.assign(document.createElement("button"), { type: "button", textContent, disabled: !usable });
  one.addEventListener("click", act);
  return one;
}

document.body.append(large);
