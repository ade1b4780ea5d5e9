// The player of the listening page: one deck for all recordings, and keys for everything.
// Without this file each recording keeps the browser's own controls.
"use strict";

(() => {
  const deck = document.getElementById("deck");
  const takes = [...document.querySelectorAll("[data-take]")];
  if (!deck || !takes.length) return;

  const SPEED = "hotline.listen.speed";
  const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2];
  const part = (name) => deck.querySelector(`[data-deck-${name}]`);
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const sounds = takes.map((take) => take.querySelector("audio"));
  const playWords = deck.querySelector("[data-play-words]");
  let at = 0;
  let speed = Number(localStorage.getItem(SPEED)) || 1;
  if (!SPEEDS.includes(speed)) speed = 1;

  const sound = () => sounds[at];

  function show() {
    const now = sound();
    const length = Number.isFinite(now.duration) ? now.duration : 0;
    part("label").textContent = `${at + 1}/${takes.length} · ${takes[at].dataset.label}`;
    part("time").textContent = `${clock(now.currentTime)} / ${clock(length)}`;
    part("seek").max = length || 100;
    part("seek").value = now.currentTime;
    part("seek").setAttribute("aria-valuetext", clock(now.currentTime));
    part("speed").textContent = `${speed}×`;
    playWords.textContent = now.paused ? playWords.dataset.play : playWords.dataset.pause;
    playWords.parentElement.setAttribute("aria-pressed", String(!now.paused));
    takes.forEach((take, index) => take.classList.toggle("take--now", index === at));
  }

  function choose(index) {
    if (index < 0 || index >= takes.length || index === at) return;
    sound().pause();
    at = index;
    show();
  }

  function play() {
    const now = sound();
    if (now.ended) now.currentTime = 0;
    now.playbackRate = speed;
    now.play().catch(() => show());
  }

  const toggle = () => (sound().paused ? play() : sound().pause());

  function seek(by) {
    const now = sound();
    now.currentTime = Math.min(Math.max(0, now.currentTime + by), now.duration || 0);
    show();
  }

  function change(by) {
    speed = SPEEDS[Math.min(Math.max(SPEEDS.indexOf(speed) + by, 0), SPEEDS.length - 1)];
    localStorage.setItem(SPEED, String(speed));
    sounds.forEach((one) => { one.playbackRate = speed; });
    show();
  }

  const deeds = {
    play: toggle,
    back: () => seek(-3),
    forth: () => seek(3),
    slower: () => change(-1),
    faster: () => change(1),
  };

  takes.forEach((take, index) => {
    sounds[index].removeAttribute("controls");
    take.querySelector("[data-take-number]").textContent = index + 1;
    take.querySelector(".take__play").addEventListener("click", () => {
      if (index === at) return toggle();
      choose(index);
      play();
    });
    for (const event of ["play", "pause", "timeupdate", "loadedmetadata", "ended"]) {
      sounds[index].addEventListener(event, () => index === at && show());
    }
    // Whoever begins to write beside a recording means this recording.
    take.closest(".slot")?.addEventListener("focusin", (event) => {
      if (sound().paused && event.target.matches("input, textarea, select")) choose(index);
    });
  });

  deck.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) deeds[button.dataset.do]();
  });
  part("seek").addEventListener("input", (event) => {
    sound().currentTime = Number(event.target.value);
    show();
  });

  const everywhere = { Escape: toggle, F2: deeds.back, F4: deeds.forth };
  const outside = { " ": toggle, ArrowLeft: deeds.back, ArrowRight: deeds.forth, "[": deeds.slower, "]": deeds.faster };
  const writes = (node) => node.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
  const works = (node) => node.closest("button, summary, a, label, input, select, textarea");

  function go(event, deed) {
    event.preventDefault();
    deed();
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (everywhere[event.key]) return go(event, everywhere[event.key]);
    if (localStorage.getItem("hotline.keys.off") === "1" || writes(event.target)) return;
    if (event.key === " " && works(event.target) && !deck.contains(event.target)) return;
    if (event.target.matches("input[type=radio]") && event.key.startsWith("Arrow")) return;
    if (outside[event.key]) return go(event, outside[event.key]);
    if (/^[1-9]$/.test(event.key) && takes[event.key - 1]) {
      go(event, () => {
        choose(Number(event.key) - 1);
        sound().currentTime = 0;
        play();
      });
    }
  });

  // In the search of a place: down goes to what was found, Enter takes the first.
  document.addEventListener("keydown", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("[data-place]")) return;
    const first = event.target.closest(".slot, .given__one").querySelector(".candidates input");
    if (!first || (event.key !== "ArrowDown" && event.key !== "Enter") || event.ctrlKey) return;
    event.preventDefault();
    if (event.key === "ArrowDown") return first.focus();
    first.checked = true;
    event.target.closest(".slot, .given__one").querySelector("[name^=detail-]").focus();
  });

  show();
})();
