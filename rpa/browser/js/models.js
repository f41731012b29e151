// What the page's own code keeps for a field: that is what it will send. Needs dom.

/** A model's value as text; undefined for what is no text (a date, an object). */
function told(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return ["string", "number"].includes(typeof value) ? String(value) : undefined;
}

/** AngularJS 1: an invalid value is kept out of the model, and one that waits (debounce, updateOn) is not in it yet. */
function angularModel(el) {
  const model = el.ownerDocument.defaultView.angular?.element?.(el).controller?.("ngModel");
  return model && told(model.$modelValue);
}

/** Vue: the `value` that the parent hands to the field's component (2), the same under the name of 3. */
function vueModel(el) {
  let holder = el;
  for (let level = 0; level < 4 && holder; level += 1, holder = holder.parentElement) {
    const props = holder.__vue__?.$props ?? holder.__vueParentComponent?.props ?? {};
    for (const name of ["modelValue", "value"]) if (name in props) return told(props[name]);
  }
  return undefined;
}

/** React: the `value` of a field that the page's state controls. */
function reactModel(el) {
  const key = Object.keys(el).find((name) => name.startsWith("__reactProps$"));
  const value = key && el[key].value;
  return value === undefined ? undefined : told(value);
}

/** A field without a name of its own, beside the hidden one that the form sends in its place. */
function hiddenModel(el) {
  if (el.name || !el.parentElement) return undefined;
  const hidden = el.parentElement.querySelectorAll("input[type=hidden][name]");
  return hidden.length === 1 ? hidden[0].value : undefined;
}

/** `{model}` where it is known. */
function modelOf(el) {
  for (const read of [angularModel, vueModel, reactModel, hiddenModel]) {
    const model = read(el);
    if (model !== undefined) return { model };
  }
  return {};
}
