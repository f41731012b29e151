/* The form of 稳岗返还 (§5, §6, §11): its data arrive after it, and it may be shown twice at a time. */
hall.steady = (function () {
  var READ_ONLY_MS = 10;
  /* In the page's order: one complaint at a time. */
  var REQUIRED = [["applyYear", "CHOICE_MISSING", "申请年度"], ["linkman", "TEXT_MISSING", "联系人"], ["linkPhone", "TEXT_MISSING", "联系方式"], ["payWay", "CHOICE_MISSING", "发放方式"]];

  function fields(host) { return Array.prototype.slice.call(host.querySelectorAll("[ng-model]")); }

  function nameOf(field) { return field.getAttribute("ng-model").replace("apply.", ""); }

  /* §11: options come from code tables, their values carry a prefix. */
  function fillSelects(host) {
    host.querySelectorAll("select[data-codes]").forEach(function (select) {
      var none = hall.h("option", { value: "", class: "" }, "-- 请选择 --");
      select.replaceChildren.apply(select, [none].concat(hall.app.codes(select.dataset.codes).map(function (code) {
        return hall.h("option", { value: "string:" + code.value, label: code.name }, code.name);
      })));
    });
  }

  function show(host, apply) {
    fields(host).forEach(function (field) {
      var value = apply[nameOf(field)] || "";
      field.value = field.tagName === "SELECT" && value ? "string:" + value : value;
    });
    var unit = Object.assign({ item: window.SWITCHES.item }, hall.details(), apply);
    host.querySelectorAll("[ng-bind]").forEach(function (each) { each.textContent = unit[each.getAttribute("ng-bind").split(".")[1]] || ""; });
  }

  function bind(host, form) {
    fields(host).forEach(function (field) {
      ["input", "change"].forEach(function (kind) {
        field.addEventListener(kind, function () {
          form.apply[nameOf(field)] = field.value.replace(/^string:/, "");
          field.classList.remove("ng-pristine");
          field.classList.add("ng-dirty");
        });
      });
    });
  }

  function button(host, name) { return host.querySelector('[ng-click="' + name + '()"]'); }

  function complaint(apply) {
    var missing = REQUIRED.filter(function (each) { return !(apply[each[0]] || "").trim(); })[0];
    return missing ? hall.say(missing[1], missing[2]) : "";
  }

  function save(host, form) {
    var wrong = complaint(form.apply);
    if (wrong) { hall.modal.error(wrong); return; }
    var pressed = button(host, "saveApply");
    pressed.disabled = true;
    hall.http(form.apply.applyId ? "PUT" : "POST", hall.STEADY, { data: Object.assign({}, form.apply, { companyId: hall.details().companyId }) })
      .success(function (data) {
        pressed.disabled = false;
        form.apply = data;
        show(host, data);
        hall.modal.message(hall.say("REMINDER"), hall.say("SAVED"));
      })
      .error(function (data) {
        pressed.disabled = false;
        hall.modal.error(hall.say("SAVE_FAILED") + data.message);
      });
  }

  /* §5: in review, saved before, or new. Where a query fails, the handler throws, and the form stays as it was. */
  function load(host, form) {
    var id = hall.details().companyId;
    var asked = { representativeId: id, applicantId: id, applyType: "1115", issue: window.SWITCHES.today.slice(0, 7).replace("-", ""), submitType: "1" };
    function failed(data) { hall.modal.error(data.errors.message); }
    hall.http("POST", hall.HALL + "/api/apply/stats/reviewing", { data: asked }).success(function (found) {
      if (!Array.isArray(found)) throw new TypeError("no list");
      if (found.length) {
        host.querySelectorAll("button").forEach(function (each) { each.disabled = true; });
        hall.modal.info(hall.say("IN_REVIEW"));
        return;
      }
      hall.http("GET", hall.STEADY, { params: { companyId: id } }).success(function (saved) {
        form.apply = Array.isArray(saved) && saved.length ? saved[0] : {};
        form.loaded = Object.assign({}, form.apply);
        show(host, form.apply);
        if (form.apply.applyId) hall.modal.info(hall.say("DRAFT_LOADED"));
      }).error(failed);
    }).error(failed);
  }

  function open(host) {
    var form = { apply: {}, loaded: {} };
    fillSelects(host);
    show(host, form.apply);
    bind(host, form);
    button(host, "saveApply").addEventListener("click", function () { save(host, form); });
    button(host, "resetApply").addEventListener("click", function () {
      form.apply = Object.assign({}, form.loaded);
      show(host, form.apply);
    });
    button(host, "openDossier").addEventListener("click", function () {
      if (form.apply.applyId) hall.dossier.open(form.apply.applyId);
      else hall.modal.info(hall.say("DOSSIER_FIRST"));
    });
    button(host, "printApply").addEventListener("click", function () {
      if (form.apply.applyId) hall.receipt.open("打印申报表", form.apply.applyId);
      else hall.modal.info(hall.say("PRINT_FIRST"));
    });
    function notice() {
      hall.notice.open(function () { host.querySelector(".notice-done").classList.remove("ng-hide"); });
    }
    button(host, "openPurpose").addEventListener("click", notice);
    if (window.SWITCHES.noticeOpens) notice();
    load(host, form);
  }

  /* §2: the same view in a dialog, to be read: buttons are hidden, fields disabled a little later. */
  function detail(apply) {
    var host = hall.h("div", { class: "detail" });
    hall.modal.show({ title: "申报详情", size: "modal-lg", body: host, buttons: [{ caption: "关闭", name: "closeBtn", click: "close()", action: function (dialog) { dialog.close(); } }] });
    hall.http("GET", hall.HALL + "/modules/company/apply/steadysubsidies/steady.html").success(function (markup) {
      hall.include(host, markup);
      fillSelects(host);
      show(host, apply);
      host.querySelector(".accepted").classList.toggle("ng-hide", !apply.acceptNumber);
      host.querySelectorAll("button").forEach(function (each) { each.classList.add("ng-hide"); });
      window.setTimeout(function () {
        host.querySelectorAll("input, select").forEach(function (each) { each.disabled = true; });
      }, READ_ONLY_MS);
    });
  }

  return { open: open, detail: detail };
})();
