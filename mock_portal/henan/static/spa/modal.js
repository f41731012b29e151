/* Dialogs as ui-bootstrap draws them (§10): stacked, faded, one backdrop, the newest first in the document. */
hall.modal = (function () {
  var LEAVING_MS = 300;
  var open = [];
  var h = hall.h;

  function top() { return open[open.length - 1]; }

  function put(node) {
    if (window.SWITCHES.newestFirst) document.body.prepend(node);
    else document.body.append(node);
  }

  function fadeIn(node) {
    window.requestAnimationFrame(function () { node.classList.add("in"); });
  }

  function leave(node) {
    node.classList.remove("in");
    node.classList.add("ng-leave");
    window.setTimeout(function () { node.remove(); }, LEAVING_MS);
  }

  /* One backdrop, always below the topmost dialog. */
  function drawBackdrop() {
    var shown = document.querySelector(".modal-backdrop:not(.ng-leave)");
    document.body.classList.toggle("modal-open", open.length > 0);
    if (!open.length) {
      if (shown) leave(shown);
      return;
    }
    if (!shown) {
      shown = h("div", { class: "modal-backdrop fade", "uib-modal-backdrop": "modal-backdrop" });
      put(shown);
      fadeIn(shown);
    }
    shown.style.zIndex = 1040 + 10 * (open.length - 1);
  }

  function close(dialog, result) {
    var place = open.indexOf(dialog);
    if (place < 0) return;
    open.splice(place, 1);
    leave(dialog.element);
    drawBackdrop();
    if (dialog.closed) dialog.closed(result);
  }

  function buttonOf(dialog, each) {
    return h("button", {
      class: "btn " + (each.style || "") + (each.hidden ? " ng-hide" : ""), name: each.name, "ng-click": each.click,
      onclick: function () {
        if (dialog.ignored > 0) { dialog.ignored -= 1; return; }
        if (open.indexOf(dialog) >= 0) each.action(dialog);
      }
    }, each.caption || "");
  }

  /* options: title, body, buttons, size, static (a click outside and it stays), closed(result) */
  function show(options) {
    var dialog = { ignored: window.SWITCHES.ignoredClicks, closed: options.closed, stays: options.static };
    var body = typeof options.body === "string" ? h("p", { class: "ng-binding" }, options.body) : options.body;
    dialog.body = h("div", { class: "modal-body" }, body);
    dialog.element = h("div", {
      class: "modal fade ng-isolate-scope", role: "dialog", tabindex: "-1", "uib-modal-window": "modal-window",
      onclick: function (event) { if (event.target === dialog.element && !dialog.stays) close(dialog); }
    }, h("div", { class: "modal-dialog " + (options.size || "") },
      h("div", { class: "modal-content", "uib-modal-transclude": "" },
        h("div", { class: "modal-header" }, h("h3", { class: "modal-title ng-binding" }, options.title)),
        dialog.body,
        h("div", { class: "modal-footer" }, options.buttons.map(function (each) { return buttonOf(dialog, each); })))));
    dialog.element.style.zIndex = 1050 + 10 * open.length;
    dialog.element.style.display = "block";
    dialog.close = function (result) { close(dialog, result); };
    open.push(dialog);
    put(dialog.element);
    drawBackdrop();
    fadeIn(dialog.element);
    dialog.element.focus();
    return dialog;
  }

  /* The stock box: first a plain button, here hidden and empty, then OK, which has no type. */
  function message(title, text, then) {
    return show({
      title: title, body: text, static: true, buttons: [
        { hidden: true, click: "close()", action: function (dialog) { dialog.close(); } },
        { caption: hall.say("OK"), style: "btn-success", click: "ok()", action: function (dialog) {
          dialog.close();
          if (then) then();
        } }]
    });
  }

  function confirm(text, then) {
    return show({
      title: hall.say("INFO"), body: text, static: true, buttons: [
        { caption: hall.say("NO"), click: "close()", action: function (dialog) { dialog.close(); } },
        { caption: hall.say("YES"), style: "btn-success", click: "ok()", action: function (dialog) {
          dialog.close();
          then();
        } }]
    });
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && top()) { event.preventDefault(); top().close(); }
  });

  return {
    show: show, message: message, confirm: confirm,
    info: function (text, then) { return message(hall.say("INFO"), text, then); },
    error: function (text, then) { return message(hall.say("ERROR"), text, then); }
  };
})();
