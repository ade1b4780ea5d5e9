// Calling from the browser: a number, a microphone, a keypad. The same menu as by telephone.
"use strict";

document.documentElement.classList.add("scripted");

(() => {
  const root = document.getElementById("call");
  if (!root) return;
  // The switchboard makes the page's telephone within a second; until then it is not let in.
  const PATIENCE_MS = 10_000;
  const AGAIN_MS = 700;
  const by = (id) => document.getElementById(id);
  const words = by("words").dataset;
  let phone = null;
  let begun = 0; // when we began to dial
  let talked = 0; // when somebody answered
  let hungUp = false;
  let retry = 0;

  function stage(name) {
    root.dataset.stage = name;
    for (const node of root.querySelectorAll("[data-in]")) node.hidden = !node.dataset.in.split(" ").includes(name);
  }

  function say(text) {
    by("state").textContent = text;
  }

  function wrong(text) {
    const error = by("number-error");
    error.hidden = !text;
    error.textContent = text;
    by("number-field").classList.toggle("field--error", Boolean(text));
    if (text) by("number").setAttribute("aria-invalid", "true");
    else by("number").removeAttribute("aria-invalid");
    if (text) by("number").focus();
  }

  by("begin").addEventListener("submit", async (event) => {
    event.preventDefault();
    wrong("");
    const button = event.target.querySelector("[type=submit]");
    button.disabled = true;
    try {
      const answer = await fetch(event.target.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new FormData(event.target),
      });
      const told = await answer.json();
      if (!answer.ok) return wrong(told.problem);
      dial(told);
    } catch {
      wrong(words.offline);
    } finally {
      button.disabled = false;
    }
  });

  function dial(given) {
    hungUp = false;
    talked = 0;
    begun = Date.now();
    by("sent").textContent = "";
    by("clock").textContent = "";
    by("trouble").hidden = true;
    stage("calling");
    say(words.connecting);
    by("state").focus();
    phone = new Hotline.Phone(
      {
        ...given,
        ws: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${root.dataset.ws}`,
        host: location.hostname,
        register: false,
        audio: by("sound"),
      },
      heard,
    );
    phone.start();
    retry = setTimeout(() => !talked && !phone?.busy && over(words.offline), PATIENCE_MS);
  }

  const heard = {
    link(state) {
      if (state === "up" && !talked && !phone.busy) phone.call(root.dataset.dial);
      if (state === "down" && talked) say(words.connecting);
    },
    ring: () => phone.hangUp(), // nobody rings this page
    calling: () => say(words.calling),
    up() {
      clearTimeout(retry);
      talked = Date.now();
      stage("talking");
      say(words.talking);
      tick();
    },
    over({ by: who }) {
      if (hungUp || (talked && who === "them")) return over(words.over);
      if (talked) return over(words.broken);
      if (Date.now() - begun > PATIENCE_MS) return over(words.failed);
      clearTimeout(retry);
      retry = setTimeout(() => phone?.call(root.dataset.dial), AGAIN_MS);
    },
    trouble() {
      hungUp = true;
      over(words.microphone);
    },
  };

  function over(text) {
    if (!phone) return;
    clearTimeout(retry);
    const old = phone;
    phone = null;
    old.stop();
    stage("over");
    by("over").textContent = text;
    by("over").focus();
    muted(false);
  }

  function tick() {
    if (!talked || !phone) return;
    const seconds = Math.round((Date.now() - talked) / 1000);
    by("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    setTimeout(tick, 1000);
  }

  function press(key) {
    const button = root.querySelector(`[data-key-sent="${key}"]`);
    if (!button || !phone) return;
    phone.key(key);
    const sent = by("sent");
    const before = sent.textContent.replace(sent.dataset.sent, "").trim();
    sent.textContent = `${sent.dataset.sent} ${`${before}${key}`.slice(-20)}`;
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), 150);
  }

  function muted(on) {
    const button = by("mute");
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("button--quiet", !on);
  }

  root.querySelector(".keypad").addEventListener("click", (event) => {
    const key = event.target.closest("[data-key-sent]");
    if (key) press(key.dataset.keySent);
  });
  document.addEventListener("keydown", (event) => {
    if (root.dataset.stage !== "talking" || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (/^[0-9*#]$/.test(event.key)) press(event.key);
  });
  by("mute").addEventListener("click", () => {
    if (!phone) return;
    phone.mute(!phone.muted);
    muted(phone.muted);
  });
  by("end").addEventListener("click", () => {
    hungUp = true;
    if (phone?.busy) phone.hangUp();
    else over(words.over);
  });
  by("again").addEventListener("click", () => {
    stage("before");
    by("number").focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (phone?.busy) event.preventDefault();
  });
  // Sent before this script was there: the page has come again with the number.
  if ("atOnce" in root.dataset) by("begin").requestSubmit();
})();
