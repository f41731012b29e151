"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const root = document.documentElement;

  // --- the table: search and filter

  const find = document.querySelector(".find");
  const none = document.querySelector(".none");
  const cards = all(".card");
  const rows = all(".verdicts tbody tr").map(row =>
    ({ row, section: document.getElementById(row.dataset.for), text: row.textContent.normalize("NFKC").toLowerCase() }));
  let word = "";
  const show = () => {
    const wanted = find.value.normalize("NFKC").trim().toLowerCase();
    let seen = 0;
    for (const { row, section, text } of rows) {
      const hidden = (word !== "" && row.dataset.word !== word) || !text.includes(wanted);
      seen += !hidden;
      if (row.hidden === hidden) continue;
      row.hidden = hidden;
      if (section) section.hidden = hidden;
    }
    none.hidden = seen > 0 || rows.length === 0;
  };
  find.addEventListener("input", show);
  for (const card of cards) card.addEventListener("click", () => {
    word = word === card.dataset.word ? "" : card.dataset.word;
    for (const one of cards) one.setAttribute("aria-pressed", String(one.dataset.word === word));
    show();
  });

  // --- what 2,000 employers have to show is built when somebody looks: where scripts run, <noscript> is mere text

  const unfold = within => {
    for (const folded of within) {
      const built = document.createElement("template");
      built.innerHTML = folded.textContent;
      folded.replaceWith(built.content);
    }
  };
  const unfoldStory = section => unfold(all(":scope > noscript", section));
  const near = new IntersectionObserver(seen => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      unfoldStory(target);
      near.unobserve(target);
    }
  }, { rootMargin: "1000px" });
  const sections = all("section");
  for (const section of sections) near.observe(section);
  document.addEventListener("toggle", event => unfold(all("noscript", event.target)), true);

  // --- pictures: enlarged in the page, ← and → through one employer's

  const viewer = document.querySelector("dialog");
  const stage = viewer.querySelector(".stage");
  const picture = stage.querySelector("img");
  const [back, onward] = all("button[data-by]", viewer);
  let shots = [], at = 0;
  const look = number => {
    if (number < 0 || number >= shots.length) return;
    at = number;
    const shot = shots[at];
    picture.src = shot.href;
    picture.alt = shot.title;
    stage.className = "stage fits";
    viewer.querySelector("p").textContent =
      `${shot.closest("section").querySelector("h2").textContent} · ${shot.textContent.trim()} · ${at + 1} / ${shots.length}`;
    viewer.querySelector(".bar a").href = shot.href;
    back.disabled = at === 0;
    onward.disabled = at === shots.length - 1;
  };
  document.addEventListener("click", event => {
    const shot = event.target.closest("a.shot");
    if (!shot || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    shots = all("a.shot", shot.closest("section"));
    look(shots.indexOf(shot));
    viewer.showModal();
  });
  for (const button of [back, onward]) button.addEventListener("click", () => look(at + Number(button.dataset.by)));
  viewer.querySelector("[data-close]").addEventListener("click", () => viewer.close());
  stage.addEventListener("click", event => {
    if (event.target === picture) stage.classList.toggle("fits");
    else viewer.close();
  });
  viewer.addEventListener("keydown", event => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    look(at + by);
  });
  viewer.addEventListener("close", () => {
    picture.removeAttribute("src");
    shots[at].focus();
  });

  // A picture may be gone on purpose: deleted when its time was over, or left out of a shared copy.
  document.addEventListener("error", event => {
    const image = event.target;
    if (!(image instanceof HTMLImageElement) || !image.closest("a.shot")) return;
    const gone = document.createElement("span");
    gone.className = "gone";
    gone.textContent = "截图不在文件夹里（已按期清除，或没有放进这份副本）";
    image.replaceWith(gone);
  }, true);

  // --- on paper: `#only=a,b` shows these employers alone; data-ready says when every picture is there

  const whole = image => new Promise(done => {
    image.loading = "eager";
    if (image.complete) done();
    else for (const event of ["load", "error"]) image.addEventListener(event, done, { once: true });
  });
  const only = async () => {
    if (!location.hash.startsWith("#only")) return;
    const wanted = new Set(location.hash.slice("#only=".length).split(",").filter(Boolean));
    const chosen = wanted.size ? sections.filter(one => wanted.has(one.id)) : sections;
    if (wanted.size) {
      document.body.classList.add("only");
      for (const one of [...all("header > *, .find, .scroll, footer, .proof"), ...sections]) one.hidden = true;
      for (const one of all("h1, header > .about, header > .notice, .proof")) one.hidden = false;
      for (const one of chosen) one.hidden = false;
      chosen[0]?.classList.add("first");
    }
    chosen.forEach(unfoldStory);
    await Promise.all(chosen.flatMap(one => all("img", one)).map(whole));
    root.dataset.ready = String(chosen.length);
  };
  addEventListener("hashchange", only);
  addEventListener("beforeprint", () => {
    for (const section of sections.filter(one => !one.hidden)) {
      unfoldStory(section);
      for (const image of all("img", section)) image.loading = "eager";
    }
  });
  root.style.setProperty("--running", JSON.stringify(document.querySelector("h1").textContent + "　" + document.title.split(" ").pop()));
  only();
})();
