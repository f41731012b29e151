/* The portal's own script, in the manner of its time: drawn dialogs, a countdown, posts without a page. */
var portal = (function () {
  var layer = 1000;
  var opened = [];
  var LOGIN = "/unit/login/free";
  var EXPIRY_SECONDS = 3;

  function element(kind, className, text) {
    var made = document.createElement(kind);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function close(dialog) {
    opened.splice(opened.indexOf(dialog), 1);
    dialog.mask.remove();
    dialog.box.remove();
  }

  function closeTop() {
    if (opened.length) close(opened[opened.length - 1]);
  }

  /* buttons: [[caption, action]]; an action that answers false keeps the dialog open. */
  function show(title, content, buttons, className) {
    var dialog = { mask: element("div", "win-mask"), box: element("div", "win " + (className || "")) };
    var head = element("div", "win-title", title);
    var cross = element("a", "win-close", "×");
    cross.href = "javascript:void(0)";
    cross.onclick = function () { close(dialog); };
    head.appendChild(cross);
    var body = element("div", "win-body");
    body.appendChild(typeof content === "string" ? element("p", "win-text", content) : content);
    var foot = element("div", "win-foot");
    dialog.buttons = buttons.map(function (each, index) {
      var button = element("button", index ? "" : "main", each[0]);
      button.type = "button";
      button.onclick = function () {
        if (each[1] && each[1]() === false) return;
        if (opened.indexOf(dialog) >= 0) close(dialog);
      };
      foot.appendChild(button);
      return button;
    });
    dialog.box.append(head, body, foot);
    dialog.mask.style.zIndex = ++layer;
    dialog.box.style.zIndex = ++layer;
    (document.body || document.documentElement).append(dialog.mask, dialog.box);
    opened.push(dialog);
    return dialog;
  }

  function say(text, then) {
    return show(words.REMINDER, text, [[words.OK, then]]);
  }

  function ask(text, then) {
    return show(words.REMINDER, text, [[words.CONFIRM, then], [words.CANCEL]]);
  }

  function frame(title, address) {
    var inner = element("iframe", "win-frame");
    inner.src = address;
    return show(title, inner, [], "win-wide");
  }

  function toLogin() { window.top.location.href = LOGIN; }

  function expired(message, by) {
    if (by === "alert") {
      window.alert(message);
      toLogin();
    } else {
      window.setTimeout(toLogin, EXPIRY_SECONDS * 1000);
    }
  }

  /* Send a form in the background; then(answer) follows only when the portal did it. */
  function post(address, form, then) {
    window.fetch(address, {
      method: "POST",
      body: new URLSearchParams(form),
      headers: { "X-Requested-With": "XMLHttpRequest" }
    }).then(function (response) {
      return response.text();
    }).then(function (text) {
      var answer;
      try {
        answer = JSON.parse(text);
      } catch (error) {
        say(new DOMParser().parseFromString(text, "text/html").title || words.SYSTEM_ERROR);
        return;
      }
      if (answer.expired) {
        say(answer.message, toLogin);
        window.setTimeout(toLogin, EXPIRY_SECONDS * 1000);
      } else if (answer.ok) {
        then(answer);
      } else {
        say(answer.message);
      }
    }, function () {
      say(words.NETWORK_ERROR);
    });
  }

  function newCaptcha() {
    document.getElementById("captcha").src = "/captcha.png?t=" + Date.now();
  }

  function ticked() {
    return Array.prototype.slice.call(document.querySelectorAll("#pending input[name=draft]:checked"));
  }

  function tickAll(on) {
    document.querySelectorAll("#pending input[name=draft]").forEach(function (box) { box.checked = on; });
  }

  function filter(text) {
    document.querySelectorAll("tr.row").forEach(function (row) {
      row.hidden = row.textContent.indexOf(text.trim()) < 0;
    });
  }

  function reload() { window.location.href = "/unit/pending"; }

  function submitDrafts(by, choose) {
    if (!ticked().length) return say(choose);
    return ask(words.ASK_SUBMIT, function () {
      var form = document.getElementById("pending");
      if (by === "form") {
        form.submit();
      } else {
        post(form.action, new FormData(form), function (answer) { say(answer.message, reload); });
      }
    });
  }

  function send(address, ids) {
    var form = element("form");
    form.method = "post";
    form.action = address;
    ids.forEach(function (id) {
      var input = element("input");
      input.type = "hidden";
      input.name = "draft";
      input.value = id;
      form.appendChild(input);
    });
    document.body.appendChild(form);
    form.submit();
  }

  function remove(id) {
    if (window.confirm(words.ASK_DELETE)) send("/unit/pending/delete", [id]);
  }

  function removeTicked(choose) {
    var ids = ticked().map(function (box) { return box.value; });
    if (!ids.length) say(choose);
    else if (window.confirm(words.ASK_DELETE_CHOSEN)) send("/unit/pending/delete", ids);
  }

  function askBy(kind) {
    var bySerial = kind === "受理流水号";
    document.getElementById("by-month").hidden = bySerial;
    document.getElementById("by-serial").hidden = !bySerial;
  }

  /* The form of 稳岗返还. */
  function refund(options) {
    var draft = options.draft;
    var left = options.countdown;
    var confirmButton = null;
    var content = document.getElementById("purpose");
    var box = document.getElementById("agree");
    var seconds = document.getElementById("seconds");

    function acknowledge() {
      var dialog = opened[opened.length - 1];
      post("/unit/refund/acknowledge", {}, function () {
        close(dialog);
        document.getElementById("acknowledged").hidden = false;
      });
      return false;
    }

    function tick() {
      seconds.textContent = left;
      if (left > 0) {
        left -= 1;
        window.setTimeout(tick, 1000);
      } else {
        box.disabled = false;
      }
    }

    function openPurpose() {
      content.hidden = false;
      var caption = options.ticks ? words.NOTICE_CONFIRM : words.OK;
      confirmButton = show(words.NOTICE_TITLE, content, [[caption, acknowledge]], "win-purpose").buttons[0];
      if (options.ticks) {
        left = options.countdown;
        box.checked = false;
        box.disabled = confirmButton.disabled = true;
        tick();
      }
    }

    return {
      openPurpose: openPurpose,
      agree: function (ticked) { confirmButton.disabled = !ticked.checked; },
      save: function () {
        post("/unit/refund/save", new FormData(document.getElementById("refund")), function (answer) {
          draft = answer.draft;
          say(answer.message);
        });
      },
      openMaterials: function () {
        if (draft) frame("采集电子材料", "/unit/refund/materials?draft=" + draft);
        else say(options.saveFirst);
      },
      print: function () {
        if (draft) window.open("/unit/refund/print?draft=" + draft);
        else say(options.saveFirst);
      }
    };
  }

  return {
    alert: say, frame: frame, closeTop: closeTop, expired: expired,
    newCaptcha: newCaptcha,
    tickAll: tickAll, filter: filter, submitDrafts: submitDrafts, remove: remove, removeTicked: removeTicked,
    askBy: askBy, refund: refund
  };
})();
