/* The login application (H2, H3): steps by hash, the captcha's id and word as headers (§12). */
(function () {
  var captchaId = "";

  function by(id) { return document.getElementById(id); }

  function step() {
    var shown = { "#/caloginFree": "free", "#/caloginPassword": "password" }[window.location.hash] || "certificate";
    document.querySelectorAll("[data-step]").forEach(function (each) { each.classList.toggle("ng-hide", each.dataset.step !== shown); });
    if (shown === "free") renew();
  }

  /* First an id, then the picture of that id, each time another. */
  function renew() {
    hall.http("GET", "/uaa/captcha/img").success(function (data) {
      captchaId = data.id;
      by("captchaImg").src = "/uaa/captcha/img/" + data.id + "?" + Math.random();
    });
  }

  function refused(data) {
    hall.modal.error(data.message);
    renew();
  }

  function entered(data) {
    if (data.next) { window.location.hash = "#/caloginPassword"; return; }
    window.localStorage.clear();
    window.location.href = data.address;
  }

  by("loginBtn").addEventListener("click", function () {
    var headers = { captchaId: captchaId, captchaWord: encodeURIComponent(by("captchaWord").value.trim()) };
    hall.http("POST", "/uaa/login", { data: { account: by("loginName").value.trim() }, headers: headers }).success(entered).error(refused);
  });
  by("passwordBtn").addEventListener("click", function () {
    hall.http("POST", "/uaa/login/password", { data: { password: by("password").value } }).success(entered).error(function (data) { hall.modal.error(data.message); });
  });
  by("captchaImg").addEventListener("click", renew);
  window.addEventListener("hashchange", step);
  step();
})();
