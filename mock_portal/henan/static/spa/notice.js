/* 资金用途告知 (H9): text and title as the manuals have them; how it counts down is inferred. */
hall.notice = (function () {
  var h = hall.h;

  function acknowledge(dialog, then) {
    hall.http("POST", hall.STEADY + "/notice", { data: {} }).success(function () {
      dialog.close();
      then();
    });
  }

  function open(then) {
    var left = window.SWITCHES.countdown;
    var box = h("input", { type: "checkbox", "ng-model": "read" });
    var body = h("div", {}, h("p", {}, "注："), h("p", { class: "purpose" }, window.SWITCHES.purpose),
      window.SWITCHES.ticks ? h("div", { class: "checkbox" }, h("label", {}, box, hall.say("DUTY_BOX"))) : null);
    var dialog = hall.modal.show({
      title: hall.say("NOTICE_TITLE"), body: body, static: true, buttons: [{
        caption: hall.say(window.SWITCHES.ticks ? "DUTY_BUTTON" : "OK"), style: "btn-success", click: "ok()",
        action: function (shown) { acknowledge(shown, then); }
      }]
    });
    if (!window.SWITCHES.ticks) return;
    var button = dialog.element.querySelector(".modal-footer button");
    function draw() {
      button.textContent = left > 0 ? hall.say("DUTY_LEFT", left) : hall.say("DUTY_BUTTON");
      button.disabled = left > 0 || !box.checked;
    }
    function tick() {
      draw();
      if (left > 0) window.setTimeout(function () { left -= 1; tick(); }, 1000);
    }
    box.addEventListener("change", draw);
    tick();
  }

  return { open: open };
})();
