// Filling and reading controls. Needs dom, names, controls, find, wait, click, widgets.
// A job: {spots (each with value), start, stop, last, milliseconds, origins}.

/** Type as a person does, as far as the page can tell: focus, the value, input, change, blur. */
function type(el, value) {
  const view = el.ownerDocument.defaultView;
  el.focus();
  if (el.isContentEditable) {
    el.textContent = value;
  } else {
    const prototype = el.matches("textarea") ? view.HTMLTextAreaElement.prototype : view.HTMLInputElement.prototype;
    const typed = el.maxLength >= 0 ? value.slice(0, el.maxLength) : value; // a setter would get past maxlength
    Object.getOwnPropertyDescriptor(prototype, "value").set.call(el, typed);
  }
  el.dispatchEvent(new view.InputEvent("input", { bubbles: true, inputType: "insertText", data: value }));
  el.dispatchEvent(new view.Event("change", { bubbles: true }));
  el.blur();
  return {};
}

/** Set a native select to the option that reads like `value`. */
function pick(el, value) {
  const view = el.ownerDocument.defaultView;
  const options = Array.from(el.options).filter((option) => !option.disabled);
  const option = sameOption(options, value, (one) => one.label || one.text);
  if (!option) return { wait: "option", options: options.map((one) => one.text.trim()) };
  el.focus();
  option.selected = true;
  el.dispatchEvent(new view.Event("input", { bubbles: true }));
  el.dispatchEvent(new view.Event("change", { bubbles: true }));
  el.blur();
  return {};
}

/** The value that a native date or month field takes. */
function nativeDate(el, value) {
  const { year, month, day } = dateParts(value);
  const pad = (number) => String(number ?? 1).padStart(2, "0");
  return el.type === "month" ? `${year}-${pad(month)}` : `${year}-${pad(month)}-${pad(day)}`;
}

/** A check box or radio button: a native one is clicked here, a drawn one by a step from outside. */
function tick(control, wanted, last) {
  if (control.el.checked === wanted) return {};
  if (control.box !== control.el) return stepAt("tick", control.box, last);
  control.el.click();
  return control.el.checked === wanted ? {} : { wait: "settling" };
}

/** The radio button of a group whose option reads like `value`. */
function memberFor(control, value) {
  const wanted = [normalise(value)];
  const fits = (best) => control.members.filter((member) => fit(member.labels, wanted, false) === best);
  return fits(0)[0] ?? fits(1)[0];
}

function set(control, value, last) {
  if (control.kind === "radio" && control.members) {
    const member = memberFor(control, value);
    if (!member) return { wait: "option", options: control.members.map((one) => one.labels[0] ?? "") };
    return tick(member, true, last);
  }
  if (control.kind === "checkbox" || control.kind === "radio") return tick(control, value === true, last);
  if (control.drawn) return operate(control, value, last);
  if (control.el.matches("select")) return pick(control.el, value);
  return type(control.el, ["date", "month"].includes(control.el.type) ? nativeDate(control.el, value) : value);
}

const greyed = ({ el, box }) => disabled(el) || disabled(box);
const locked = (control) => control.el.readOnly && !control.drawn && !["checkbox", "radio"].includes(control.kind);

/** What keeps a person from using the control now. */
function hindrance(control, value) {
  const holder = control.members ? control.members[0] : control;
  if (greyed(holder)) return { wait: "disabled" };
  if (locked(control)) return control.el.value === value ? { ready: true } : { wait: "readonly", final: true };
  const cover = uncover(holder.box);
  return cover === null ? null : { wait: "covered", by: normalise(words(cover)).slice(0, 20) };
}

function trySpot(spot, job, last) {
  const found = findControl(spot, typeof spot.value === "boolean");
  if (!found.one) return unready(found);
  const origin = found.one.el.ownerDocument.defaultView.origin;
  if (!job.origins.includes(origin)) return { wait: "foreign", final: true, origin };
  const held = last ? null : hindrance(found.one, spot.value);
  return held ?? set(found.one, spot.value, last);
}

/** What a control holds: `text` as shown, `value` behind it; for a password only whether it is the one asked. */
function holds(control, spot) {
  const { el } = control;
  if (control.members) {
    const chosen = control.members.find((member) => member.el.checked);
    return { text: chosen?.labels[0] ?? "", value: chosen?.el.value ?? "" };
  }
  if (control.kind === "checkbox" || control.kind === "radio") {
    return { text: el.checked ? "是" : "否", value: String(el.checked) };
  }
  if (el.type === "password") return { text: "•".repeat(el.value.length), value: "", same: el.value === spot.value };
  if (control.drawn) return shownBy(control);
  if (el.matches("select")) return { text: el.selectedOptions[0]?.text.trim() ?? "", value: el.value };
  const said = el.isContentEditable ? el.textContent : el.value;
  return { text: said, value: said };
}

function holdsAt(spot) {
  const found = findControl(spot, typeof spot.value === "boolean");
  return found.one ? { label: spot.label, ...holds(found.one, spot) } : { label: spot.label, ...unready(found) };
}

/** Fill in order until done, until a drawn widget wants a click, or until something is in the way. */
async function work(job) {
  const deadline = performance.now() + job.milliseconds;
  let { last } = job;
  for (let index = job.start; index < job.stop; index += 1) {
    const spot = job.spots[index];
    const answer = await until(() => trySpot(spot, job, last), deadline, index > job.start);
    if (answer.wait || answer.step) return { ...answer, index };
    last = null;
  }
  return holding(job);
}

/** What all controls of a job hold, once the page's own handlers have run: some format a moment later. */
async function holding(job) {
  await new Promise((resolve) => setTimeout(resolve));
  forget();
  return { held: job.spots.map(holdsAt) };
}

/** For each spot, whether there is a control here that lets a person change what it holds. */
function editable(job) {
  forget();
  const free = ({ one }) => Boolean(one) && !greyed(one) && !locked(one);
  return { free: job.spots.map((spot) => free(findControl(spot, false))) };
}

/** Whether a control fits a spot here; for pages with frames of several origins. */
function census(job) {
  const check = () => {
    const found = findControl(job.spot, typeof job.spot.value === "boolean");
    return found.one ? { here: placeWords(found.one) } : unready(found);
  };
  return until(check, performance.now() + job.milliseconds);
}

/** The file input that a spot means; without one, the button of that name is pushed for it. */
function findFile(spot) {
  const found = findControl({ ...spot, kind: "file" }, false);
  if (found.one) return { el: found.one.el };
  return found.missing && findPush({ ...spot, kind: "any" }).one ? { el: null } : unready(found);
}

/** Wait until there is something to upload with. */
function fileField(job) {
  const check = () => {
    const found = findFile(job.spot);
    return found.wait ? found : { here: true };
  };
  return until(check, performance.now() + job.milliseconds);
}

const fileInput = (job) => findFile(job.spot).el ?? null;
