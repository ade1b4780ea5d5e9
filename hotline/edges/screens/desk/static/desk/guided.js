// The guided form of the console: each answer is kept as soon as it is given, and drawing the
// form anew never takes away what somebody is writing.
//
//   const form = Hotline.guided(section, {send, words}); form.draw(html); await form.settled();
//
// `send(slot, {text, place, detail})` gives {ok, problem} and rejects while nothing answers.
"use strict";

window.Hotline = window.Hotline || {};

Hotline.guided = (section, { send, words }) => {
  const IDLE_MS = 900;
  const AGAIN_MS = 3000;
  const timers = new Map(); // by slot: a save that is due
  const running = new Map(); // by slot: the save under way
  const dirty = new Set();

  const box = (node) => node.closest("[data-slot]");
  const parts = () => [...section.querySelectorAll("[data-slot]")];

  function values(part) {
    const slot = part.dataset.slot;
    const named = (name) => part.querySelector(`[name="${name}-${CSS.escape(slot)}"]`);
    const place = part.querySelector(`[name="place-${CSS.escape(slot)}"]:checked`);
    return { text: named("text")?.value ?? "", place: place?.value ?? "", detail: named("detail")?.value ?? "" };
  }

  function show(part, text, problem) {
    const line = part.querySelector(".saved");
    line.textContent = text;
    line.classList.toggle("saved--wrong", problem);
    part.classList.toggle("field--error", problem);
    for (const field of part.querySelectorAll("input, select, textarea")) {
      if (problem) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  async function save(part) {
    const slot = part.dataset.slot;
    clearTimeout(timers.get(slot));
    timers.delete(slot);
    if (running.has(slot)) await running.get(slot);
    if (!dirty.has(slot)) return;
    dirty.delete(slot);
    const given = values(part);
    show(part, words.saving, false);
    const work = send(slot, given)
      .then(({ ok, problem, time }) => {
        show(part, ok ? `✓ ${words.saved} ${time}` : problem, !ok);
        if (ok) settle(part, given);
      })
      .catch(() => {
        dirty.add(slot);
        show(part, words.unsaved, true);
        timers.set(slot, setTimeout(() => save(part), AGAIN_MS));
      })
      .finally(() => running.delete(slot));
    running.set(slot, work);
    await work;
  }

  // What is kept is no reason to hold somebody back who leaves the page.
  function settle(part, given) {
    for (const field of part.querySelectorAll("[data-guard]")) {
      if (field.value === given.text || field.value === given.detail) field.defaultValue = field.value;
    }
  }

  function changed(event, wait) {
    const part = event.target.closest("[data-slot]");
    if (!part || event.target.matches("[type=search], [type=range]")) return;
    dirty.add(part.dataset.slot);
    clearTimeout(timers.get(part.dataset.slot));
    timers.set(part.dataset.slot, setTimeout(() => save(part), wait));
  }

  section.addEventListener("input", (event) => {
    if (event.target.matches("textarea, input:not([type=radio])")) changed(event, IDLE_MS);
  });
  section.addEventListener("change", (event) => changed(event, 0));
  section.addEventListener("submit", (event) => {
    if (event.target.id === "guided") event.preventDefault();
  });

  // In the search of a place: down goes to what was found, Enter takes the first.
  section.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey) return;
    const part = event.target.closest("[data-slot]");
    if (event.key === "Enter" && event.target.matches("input") && part) event.preventDefault();
    if (!part || !event.target.matches("[data-place]")) return;
    const first = part.querySelector(".candidates input");
    if (!first || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    if (event.key === "ArrowDown") return first.focus();
    first.checked = true;
    first.dispatchEvent(new Event("change", { bubbles: true }));
    part.querySelector("[name^=detail-]").focus();
  });

  // The recordings of the callbot: one button each, the browser's own player behind it.
  section.addEventListener("click", (event) => {
    const button = event.target.closest(".take__play");
    if (!button) return;
    const sound = button.closest("[data-take]").querySelector("audio");
    if (sound.paused) sound.play().catch(() => {});
    else sound.pause();
  });

  function number() {
    section.querySelectorAll("[data-take-number]").forEach((node, index) => {
      node.textContent = index + 1;
    });
  }

  function draw(html, sameCall) {
    const active = document.activeElement;
    const focused = section.contains(active) && active.id ? active : null;
    const spot = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
    const before = new Map(sameCall ? parts().map((part) => [part.dataset.slot, part]) : []);
    if (!sameCall) {
      timers.forEach(clearTimeout);
      timers.clear();
      dirty.clear();
    }
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    for (const part of fresh.content.querySelectorAll("[data-slot]")) {
      const old = before.get(part.dataset.slot);
      if (old && old.className.split(" ")[0] === part.className.split(" ")[0]) part.replaceWith(old);
    }
    section.replaceChildren(fresh.content);
    if (window.htmx) htmx.process(section);
    number();
    if (focused && section.contains(focused)) {
      focused.focus({ preventScroll: true });
      if (spot && spot[0] !== null) focused.setSelectionRange?.(...spot);
    }
  }

  return {
    draw,
    first: () => section.querySelector("#guided input:not([type=hidden]), #guided select, #guided textarea")?.focus(),
    // Everything that was written is kept, or says why not. Gives the first part that is wrong.
    async settled() {
      for (const part of parts()) if (dirty.has(part.dataset.slot)) await save(part);
      await Promise.all(running.values());
      return section.querySelector(".field--error [name], .field--error [data-place]");
    },
    get unsaved() {
      return dirty.size > 0 || running.size > 0;
    },
  };
};
