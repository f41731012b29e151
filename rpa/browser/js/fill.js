// Filling and reading controls. Needs dom, names, controls, find, wait, click, widgets, pickers, typing, models.
// A job: {spots (each with value), start, stop, last, quiet, milliseconds, origins}.

/** A check box or radio button is clicked, by a step from outside. */
function tick(control, wanted, last) {
  return control.el.checked === wanted ? {} : stepAt("tick", control.box, last);
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
  if (control.el.matches("select")) return pick(control.el, value, last);
  return ["date", "month"].includes(control.el.type) ? setDate(control.el, value) : type(control, value, last);
}

const greyed = ({ el, box }) => disabled(el) || disabled(box);
const locked = (control) => control.el.readOnly && !control.drawn && !["checkbox", "radio"].includes(control.kind);

/** What keeps a person from using the control now. */
function hindrance(control, value) {
  const holder = control.members ? control.members[0] : control;
  if (greyed(holder)) return { wait: "disabled" };
  if (locked(control) && control.el.value === value) return { ready: true };
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
  if (el.type === "password") {
    const same = el.value === spot.value && (el.value === "" || modelOf(el).model !== "");
    return { text: "•".repeat(el.value.length), value: "", same };
  }
  if (control.drawn) return shownBy(control);
  if (el.matches("select")) {
    const { model } = modelOf(el);
    return { text: el.selectedOptions[0]?.text.trim() ?? "", value: el.value, ...(model === "" ? { model } : {}) };
  }
  return { text: content(el), value: content(el), ...modelOf(el) };
}

function holdsAt(spot) {
  const found = findControl(spot, typeof spot.value === "boolean");
  return found.one ? { label: spot.label, ...holds(found.one, spot) } : { label: spot.label, ...unready(found) };
}

/** Fill in order until done, until keys or a click are wanted from outside, or until something is in the way. */
async function work(job) {
  release();
  quiet = job.quiet;
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
  const reacts = ({ el }) => Boolean(el.onfocus ?? el.onclick ?? el.onmousedown); // which may unlock it
  const free = ({ one }) => Boolean(one) && !greyed(one) && (!locked(one) || reacts(one));
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
