// Keys and small comforts of the staff pages. Every page works without this file.
"use strict";

(() => {
  const KEYS_OFF = "hotline.keys.off";
  const root = document.documentElement;
  root.classList.add("scripted");

  const inField = (node) =>
    node instanceof Element && node.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  const keysOff = () => localStorage.getItem(KEYS_OFF) === "1";
  const shown = (node) => node.getClientRects().length > 0;

  const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);

  function moveRow(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(shown);
    if (!target) return false;
    if (target.matches("input, textarea, select")) {
      target.focus();
      target.select?.();
      return true;
    }
    target.click();
    if (target.matches("summary") && target.parentElement.open) {
      target.parentElement.querySelector("textarea, select, input:not([type=hidden]), button")?.focus();
    }
    return true;
  }

  function submitHere(event) {
    const form = event.target instanceof Element && event.target.closest("form");
    if (!form || form.method !== "post") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-main]") || undefined);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return submitHere(event);
    if (event.ctrlKey || event.altKey || event.metaKey || keysOff() || inField(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      return moveRow(event.key === "j" ? 1 : -1);
    }
    if (event.key.length === 1 && event.key !== " " && press(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element && event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  });

  const keysSwitch = document.querySelector("[data-keys-switch]");
  if (keysSwitch) {
    keysSwitch.checked = !keysOff();
    keysSwitch.addEventListener("change", () => localStorage.setItem(KEYS_OFF, keysSwitch.checked ? "0" : "1"));
  }

  // A form is sent once: a double click would only bring "somebody changed this".
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault();
    if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "1";
    leaving = true;
  });
  window.addEventListener("pageshow", () => {
    leaving = false;
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });

  // What somebody wrote is not thrown away by a slip of the hand.
  let leaving = false;
  const written = () => [...document.querySelectorAll("[data-guard]")].some((field) => field.value !== field.defaultValue);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && written()) event.preventDefault();
  });

  // "4:32" that runs down; the server decides, this only shows.
  function countDown() {
    for (const node of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Math.round((new Date(node.dataset.until) - Date.now()) / 1000));
      node.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      node.classList.toggle("late", left < 120);
    }
  }
  if (document.querySelector("[data-until]")) {
    countDown();
    setInterval(countDown, 1000);
  }

  // After an error the first thing to read is the error.
  document.querySelector("[data-attention]")?.focus();
})();
