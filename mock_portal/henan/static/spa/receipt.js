/* Printing (§13): a large dialog that waits, then the PDF as a blob inside it. */
hall.receipt = (function () {
  var h = hall.h;

  function open(title, number) {
    var host = h("div", { class: "receipt" }, h("p", {}, hall.say("PRINTING")));
    hall.modal.show({ title: title, size: "modal-lg", body: host, buttons: [
      { caption: "关闭", click: "close()", action: function (dialog) { dialog.close(); } }] });
    hall.http("POST", hall.HALL + "/api/dossier/attachment/applyReceipt", { data: { reportId: number }, binary: true }).success(function (bytes) {
      var address = window.URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
      host.replaceChildren(h("iframe", { src: address, class: "receipt-frame" }));
    }).error(function () {
      host.replaceChildren(h("p", {}, hall.say("NO_RECEIPT")));
    });
  }

  return { open: open };
})();
