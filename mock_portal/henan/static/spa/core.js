/* What all screens use: elements, the storage, requests with their spinner, keys. § numbers: see ../../spa/__init__.py */
var hall = (function () {
  var HALL = "/ehrss-si-enterprise";
  var SILENT = ["/api/simis/companys", "/api/apply/profile"];  /* §11: no spinner for these */
  var DETAILS = "HRSS_APP_USER_DETAILS";

  /* What a handler throws is logged and stops nothing, as that framework does it. */
  function guarded(handler) {
    return function () {
      try { return handler.apply(this, arguments); } catch (error) { console.error(error); }
    };
  }

  /* An element; children are nodes or texts, "on…" attributes are listeners. */
  function h(kind, attributes) {
    var made = document.createElement(kind);
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (name.indexOf("on") === 0) made.addEventListener(name.slice(2), guarded(value));
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
    });
    Array.prototype.slice.call(arguments, 2).forEach(function add(child) {
      if (Array.isArray(child)) child.forEach(add);
      else if (child !== null && child !== undefined) made.append(child);
    });
    return made;
  }

  function say(name) {
    var inserted = Array.prototype.slice.call(arguments, 1);
    return inserted.reduce(function (text, each) { return text.replace("{}", each); }, window.WORDS[name]);
  }

  /* §4, §12: who the unit is, a request reads from the storage and not from the session. */
  function details() { return JSON.parse(window.localStorage.getItem(DETAILS) || "{}"); }

  function cookie(name) {
    var found = document.cookie.split("; ").filter(function (each) { return each.indexOf(name + "=") === 0; })[0];
    return found ? found.slice(name.length + 1) : "";
  }

  /* §11: shown by any request, hidden by any answer: it counts nothing. */
  function spin(on) {
    var spinner = document.getElementById("spinner");
    if (spinner) spinner.classList.toggle("ng-hide", !on);
  }

  function parsed(text, type) {
    return /^\s*[[{]/.test(text) && /json/.test(type) ? JSON.parse(text) : text;
  }

  /* As promises of that age: success(data) and error(data, status). */
  function http(method, address, options) {
    var asked = options || {};
    var handlers = { success: [], error: [] };
    var request = new XMLHttpRequest();
    var loud = !SILENT.some(function (each) { return address.indexOf(each) >= 0; });

    function fire(kind, data) {
      if (loud) spin(false);
      handlers[kind].forEach(function (handler) { guarded(handler)(data, request.status); });
    }

    function answered() {
      var type = request.getResponseHeader("content-type") || "";
      var data = asked.binary ? request.response : parsed(request.responseText, type);
      if (request.status === 401) hall.modal.error(say("SESSION_OVER"));  /* §12: one for each call */
      fire(request.status >= 200 && request.status < 300 ? "success" : "error", data);
    }

    var query = new URLSearchParams(asked.params || {}).toString();
    request.open(method, address + (query ? "?" + query : ""));
    if (asked.binary) request.responseType = "arraybuffer";
    request.setRequestHeader("Accept", "application/json, text/plain, */*");
    ["group", "SID", "ssoSessionId"].forEach(function (name) {
      request.setRequestHeader(name, window.localStorage.getItem(name) || "");
    });
    Object.keys(asked.headers || {}).forEach(function (name) { request.setRequestHeader(name, asked.headers[name]); });
    if (method !== "GET") request.setRequestHeader("X-XSRF-TOKEN", cookie("XSRF-TOKEN"));
    request.onload = answered;
    request.onerror = function () { fire("error", null); };
    if (loud) spin(true);
    if (asked.form) request.send(asked.form);
    else if (asked.data) {
      request.setRequestHeader("Content-Type", "application/json;charset=UTF-8");
      request.send(JSON.stringify(asked.data));
    } else request.send();

    var promise = {
      success: function (handler) { handlers.success.push(handler); return promise; },
      error: function (handler) { handlers.error.push(handler); return promise; }
    };
    return promise;
  }

  /* A template into its place. jQuery, which such pages load, runs the scripts in it (§1). */
  function include(host, markup) {
    host.innerHTML = markup;
    host.querySelectorAll("script").forEach(function (each) {
      var made = h("script");
      made.textContent = each.textContent;
      each.replaceWith(made);
    });
    return host;
  }

  /* §11: Enter goes on to the next field of the document, under a dialog too. */
  function enterAsTab(event) {
    if (event.key !== "Enter" || !event.target.classList.contains("form-control")) return;
    event.preventDefault();
    var fields = Array.prototype.filter.call(document.querySelectorAll(".form-control"), function (each) {
      return each === event.target || (each.offsetParent && !each.readOnly && !each.disabled);
    });
    var next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
  }

  document.addEventListener("keydown", enterAsTab);

  return {
    HALL: HALL, DETAILS: DETAILS, STEADY: HALL + "/api/apply/company/steady",
    h: h, say: say, details: details, http: http, include: include
  };
})();
