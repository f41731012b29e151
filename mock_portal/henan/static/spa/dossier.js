/* 采集电子材料 (§7): opened with an ordinary backdrop, so a click outside closes it. */
hall.dossier = (function () {
  var SAVE_MS = 40;
  var DOSSIER = hall.HALL + "/api/pile/dossier";
  var h = hall.h;

  function panel(material, place) {
    var file = h("input", { type: "file", accept: "image/*" });
    var toggle = h("a", { href: "javascript:void(0)" }, "");
    var body = h("div", { class: "panel-body" }, material.pages.map(function (each) { return h("span", { class: "thumb" }, each); }), file);
    function unfold(on) {
      body.classList.toggle("ng-hide", !on);
      toggle.textContent = on ? "概览" : "详细";
    }
    toggle.addEventListener("click", function () { unfold(body.classList.contains("ng-hide")); });
    unfold(place === 0);
    return {
      material: material, file: file,
      element: h("div", { class: "panel material" }, h("div", { class: "panel-heading" },
        h("span", { class: "name" }, material.name), h("span", { class: "pages" }, material.pages.length + "/1"),
        material.pages.length ? h("span", {}, "本次上传" + material.pages.length + "页") : null,
        h("span", { class: "text-danger" }, material.required ? "*必录" : "*非必录"), toggle), body)
    };
  }

  function finish(applyId, dialog, panels) {
    hall.http("PUT", DOSSIER, { data: { applyId: applyId } }).success(function () {
      var short = panels.some(function (each) { return each.material.required && !each.material.pages.length && !each.file.files.length; });
      dialog.close();
      if (short) hall.modal.info(hall.say("DOSSIER_SHORT"));
    });
  }

  /* One request for each material that has a picture; the list is saved when all have answered. */
  function upload(applyId, dialog, panels) {
    var chosen = panels.filter(function (each) { return each.file.files.length; });
    var left = chosen.length;
    function answered() {
      if (left <= 0) window.setTimeout(function () { finish(applyId, dialog, panels); }, SAVE_MS);
    }
    chosen.forEach(function (each) {
      var form = new FormData();
      form.append("applyId", applyId);
      form.append("name", each.material.name);
      form.append("file", each.file.files[0]);
      hall.http("POST", DOSSIER + "/upload/images", { form: form }).success(function () { left -= 1; answered(); }).error(function () {
        hall.modal.error(hall.say("UPLOAD_FAILED", each.material.name));
      });
    });
    answered();
  }

  function open(applyId) {
    var panels = [];
    var host = h("div", {});
    var dialog = hall.modal.show({ title: hall.say("DOSSIER_TITLE"), size: "modal-lg", body: host, buttons: [
      { caption: "确定", style: "btn-success", click: "ok()", action: function () { upload(applyId, dialog, panels); } }] });
    function none() {
      dialog.close();
      hall.modal.info(hall.say("DOSSIER_NONE"));
    }
    hall.http("GET", DOSSIER, { params: { applyId: applyId } }).success(function (data) {
      var shown = data.filter(function (each) { return each.type !== "APPLY_RECEIPT"; });
      if (!shown.length) { none(); return; }
      panels = shown.map(panel);
      host.replaceChildren.apply(host, panels.map(function (each) { return each.element; }));
    }).error(none);
  }

  return { open: open };
})();
