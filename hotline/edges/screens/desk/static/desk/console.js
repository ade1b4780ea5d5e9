// The operator's console. What stands on it comes from the server, as pieces, whenever
// something changed; the telephone and the keys are here. Nothing is decided here.
"use strict";

(() => {
  const root = document.getElementById("console");
  if (!root) return;
  const POLL_MS = 3000;
  const SEEN_MS = 10_000;
  const LISTEN_AGAIN_MS = 10_000;
  const by = (id) => document.getElementById(id);
  const words = by("words").dataset;
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const title = document.title;
  const ringer = Hotline.ringer();

  let now = null; // what the server said last
  let phone = null;
  let link = "no"; // of the telephone
  let holdsPhone = false;
  let alive = false; // the stream of news
  let lost = false;
  let rescue = ""; // the emergency line that is to join as soon as it answers
  let taken = ""; // the offer that was answered before its call had come to the telephone
  let asked = 0;

  // --- the server ------------------------------------------------------------------------

  async function call(address, form) {
    const order = ++asked;
    const answer = await fetch(address, {
      method: form ? "POST" : "GET",
      body: form,
      headers: form ? { "X-CSRFToken": token, Accept: "application/json" } : { Accept: "application/json" },
      redirect: "manual",
      cache: "no-store",
    });
    if (answer.status === 401 || answer.type === "opaqueredirect") throw signedOut();
    if (answer.status === 404) throw new Error("gone");
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    if (answer.status === 204) return null;
    const told = await answer.json();
    told.order = order;
    return told;
  }

  function signedOut() {
    liveState("out");
    source?.close();
    return new Error("signed out");
  }

  async function refresh() {
    try {
      take(await call(`${root.dataset.state}?form=${encodeURIComponent(now?.form_key ?? "-")}`));
      lost = false;
    } catch (error) {
      lost = error.message !== "signed out";
    }
    liveState();
  }

  // Does one thing and shows what came of it. Gives what the server said, null where it failed.
  async function act(verb, values) {
    const form = values instanceof FormData ? values : new FormData();
    if (!(values instanceof FormData)) {
      for (const [name, value] of Object.entries(values || {})) form.append(name, value);
    }
    form.set("form", now?.form_key ?? "-");
    if (!form.has("offer") && now?.offer) form.set("offer", now.offer);
    try {
      const told = await call(`${root.dataset.act}${verb}/`, form);
      take(told);
      return told;
    } catch (error) {
      if (error.message === "gone") say("problem", words.gone);
      else if (error.message !== "signed out") say("problem", words.unsaved);
      refresh();
      return null;
    }
  }

  function say(id, text) {
    const node = by(id);
    node.hidden = !text;
    if (node.textContent !== text) node.textContent = text;
  }

  // --- what the page shows ---------------------------------------------------------------

  function put(node, html) {
    if (node.shownHtml === html) return;
    const focused = node.contains(document.activeElement) ? document.activeElement : null;
    const again = focused && (focused.id ? `#${CSS.escape(focused.id)}` : focused.name && `[name="${focused.name}"][value="${CSS.escape(focused.value)}"]`);
    node.shownHtml = html;
    node.innerHTML = html;
    if (again) node.querySelector(again)?.focus({ preventScroll: true });
  }

  const guided = Hotline.guided(by("form"), {
    words,
    async send(slot, given) {
      const form = new FormData();
      form.set("form", now?.form_key ?? "-");
      form.set("offer", now.offer);
      form.set("slot", slot);
      for (const [name, value] of Object.entries(given)) form.set(name, value);
      const told = await call(`${root.dataset.act}take-down/`, form);
      take(told, { quiet: true });
      const time = new Intl.DateTimeFormat("vi", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date());
      return { ok: !told.problem, problem: told.problems?.[slot] || told.problem, time };
    },
  });

  function take(told, { quiet = false } = {}) {
    if (now && told.order < now.order) return; // an older answer that came late
    const before = now;
    now = told;
    if (!quiet) {
      if (told.said) say("said", told.said);
      say("problem", told.problem && !told.problems?.length ? told.problem : "");
      if (told.problem && told.code !== "wrong_answers") by("problem").focus();
    }
    put(by("bar"), told.bar);
    put(by("call"), told.call);
    const sameCall = before?.offer === told.offer;
    if (!sameCall) newCall(before, told);
    if (told.form !== null) guided.draw(told.form, sameCall);
    showStage();
    clocks();
    telephone();
    joinRescue();
  }

  function newCall(before, told) {
    rescue = "";
    by("transfer").dataset.open = "";
    by("unfinished").hidden = true;
    root.querySelectorAll("details[open]").forEach((menu) => { menu.open = false; });
    if (told.offer) {
      say("said", "");
      by("transfer-search").value = "";
      by("targets").replaceChildren();
    }
  }

  function showStage() {
    const { stage, leg, held, phone: kind } = now;
    root.dataset.stage = stage;
    const standing = new Set([held ? "held" : "free"]);
    if (leg) {
      standing.clear();
      standing.add("leg");
      if (leg.state === "up") standing.add("leg-up").add(`${leg.purpose}-up`);
    }
    for (const node of root.querySelectorAll("[data-in]")) {
      const fits =
        node.dataset.in.split(" ").includes(stage) &&
        (!node.dataset.phone || node.dataset.phone === kind) &&
        (!node.dataset.when || node.dataset.when.split(" ").some((one) => standing.has(one))) &&
        !(node.dataset.unless === "finished" && now.finished) &&
        !(node.id === "transfer" && !node.dataset.open);
      node.hidden = !fits;
    }
    const key = now.danger || root.querySelector("[data-rescue]")?.dataset.rescue;
    for (const button of root.querySelectorAll("[data-rescue]")) {
      button.querySelector("kbd").hidden = button.dataset.rescue !== key;
      button.disabled = Boolean(leg);
    }
    const rings = stage === "ringing";
    if (rings) ringer.start();
    else ringer.stop();
    document.title = rings ? `☎ ${title}` : title;
    phoneState();
  }

  // Only a call that was taken is hung up here: one that rings may be news that come later.
  const ended = () => (now?.stage === "after" || now?.stage === "idle") && phone?.talking;

  function clocks() {
    for (const node of root.querySelectorAll("[data-since]")) {
      node.textContent = clock((Date.now() - new Date(node.dataset.since)) / 1000);
    }
    for (const node of root.querySelectorAll("[data-left]")) {
      node.textContent = clock((new Date(node.dataset.left) - Date.now()) / 1000);
    }
  }

  function clock(seconds) {
    const whole = Math.max(0, Math.round(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  }

  // --- the telephone ---------------------------------------------------------------------

  // One window of this browser has the telephone; it keeps the lock for as long as it lives.
  if (navigator.locks) {
    navigator.locks.request("hotline.phone", () => {
      holdsPhone = true;
      if (now) telephone();
      return new Promise(() => {});
    });
  } else {
    holdsPhone = true;
  }

  let connecting = false;
  let soundChecked = false;

  async function telephone() {
    const wanted = now.phone === "browser" && now.presence !== "off" && holdsPhone;
    if (!wanted && phone) {
      phone.stop();
      phone = null;
      link = "no";
    }
    if (wanted && !phone && !connecting) {
      connecting = true;
      try {
        const given = await call(root.dataset.phone);
        phone = new Hotline.Phone(
          {
            ...given,
            ws: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${root.dataset.ws}`,
            host: location.hostname,
            register: true,
            audio: by("sound"),
          },
          heard,
        );
        phone.start();
      } catch {
        setTimeout(() => now && telephone(), POLL_MS);
      } finally {
        connecting = false;
      }
    }
    if (wanted && !soundChecked) {
      soundChecked = true;
      // This page has just been loaded, so a call that it finds under way has lost its sound.
      if (now.stage === "talking" || now.stage === "answered") act("lost");
    }
    if (ended()) phone.hangUp();
    phoneState();
  }

  const heard = {
    link(state) {
      link = state;
      phoneState();
      // The switchboard makes a phone within a second of the sign-on: then it is let in.
      if (state === "refused") setTimeout(() => link === "refused" && phone?.agent.register(), 1500);
    },
    ring() {
      soundChecked = true;
      document.body.dataset.phone = "ringing";
      if (taken && taken === now?.offer) phone.answer();
      taken = "";
      refresh();
    },
    calling() {},
    up() {
      document.body.dataset.phone = "talking";
      by("mic-check").hidden = true;
      refresh();
    },
    over() {
      document.body.dataset.phone = "";
      by("mic-check").hidden = false;
      mutedState(false);
      refresh();
    },
    trouble() {
      say("problem", words.noMicrophone);
    },
  };

  function phoneState() {
    const node = by("phone-state");
    const kind = !now || now.presence === "off" ? "no" : now.phone === "sip" ? "sip" : !holdsPhone ? "elsewhere" : link;
    node.dataset.kind = kind;
    const text = node.dataset[kind] + (kind === "sip" ? ` ${root.dataset.extension}` : "");
    if (node.textContent !== text) node.textContent = text;
    by("sip-phone").hidden = kind !== "sip";
    if (kind !== "sip") by("sip-password").textContent = "";
  }

  function mutedState(on) {
    const button = root.querySelector("[data-do=mute]");
    button.setAttribute("aria-pressed", String(on));
    button.classList.toggle("button--quiet", !on);
  }

  let meter = null;
  by("mic-check").addEventListener("click", async () => {
    const said = by("mic-words");
    const show = by("mic-meter");
    if (meter) {
      meter.stop();
      meter = null;
      show.hidden = true;
      said.textContent = "";
      return by("mic-check").setAttribute("aria-pressed", "false");
    }
    try {
      said.textContent = said.dataset.speak;
      show.hidden = false;
      meter = await Hotline.microphone((loud) => {
        show.value = loud;
        if (loud > 0.05) said.textContent = said.dataset.heard;
      });
      by("mic-check").setAttribute("aria-pressed", "true");
    } catch {
      show.hidden = true;
      said.textContent = said.dataset.none;
    }
  });

  // --- orders ----------------------------------------------------------------------------

  const order = (verb, argument = "") => act("order", { order: verb, argument });

  const deeds = {
    answer() {
      ringer.stop();
      if (phone?.ringing) phone.answer();
      else taken = now.offer; // the news of a call may come before the call
    },
    refuse: () => phone?.refuse(),
    mute() {
      if (!phone) return;
      phone.mute(!phone.muted);
      mutedState(phone.muted);
    },
    async password() {
      const given = await call(root.dataset.phone).catch(() => null);
      by("sip-password").textContent = given?.password ?? "";
    },
    transfer() {
      const panel = by("transfer");
      panel.dataset.open = panel.dataset.open ? "" : "yes";
      showStage();
      if (panel.dataset.open) {
        search();
        by("transfer-search").focus();
      }
    },
  };

  async function join(number) {
    if (!number || now.leg) return;
    rescue = number;
    await order("consult", `number:${number}`);
  }

  // The emergency line is asked first and joins by itself, so that the caller is never alone.
  function joinRescue() {
    if (!rescue || !now.leg) return;
    if (now.leg.who !== rescue) rescue = "";
    else if (now.leg.state === "up" && now.leg.purpose === "consult") {
      rescue = "";
      order("three_way");
    }
  }

  async function finish(how, reason) {
    if (now.finished || !now.offer) return;
    if (how === "case") {
      const wrong = await guided.settled();
      if (wrong) return wrong.focus();
    }
    const told = await act("finish", { how, reason: reason || "" });
    by("unfinished").hidden = told?.code !== "answers_missing";
    if (told && !told.problem) by("no-case").open = false;
  }

  let searching = 0;
  let searched = Promise.resolve();
  const search = () => (searched = look());
  async function look() {
    const turn = ++searching;
    try {
      const answer = await fetch(`${root.dataset.targets}?q=${encodeURIComponent(by("transfer-search").value)}`, { redirect: "manual" });
      const html = answer.ok ? await answer.text() : "";
      if (turn === searching) by("targets").innerHTML = html;
    } catch {
      if (turn === searching) by("targets").replaceChildren(); // the next key searches again
    }
  }

  by("transfer-search").addEventListener("input", search);
  by("transfer").addEventListener("keydown", (event) => {
    const rows = [...by("targets").querySelectorAll(".target")];
    const at = rows.findIndex((row) => row.contains(event.target));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const to = at + step;
      if (to < 0) return by("transfer-search").focus();
      return rows[Math.min(to, rows.length - 1)]?.querySelector("button").focus();
    }
    if (event.key === "Enter" && event.target.id === "transfer-search") {
      event.preventDefault();
      const verb = event.shiftKey ? "blind" : "consult";
      searched.then(() => { // nobody is dialled whom an earlier search had found
        const first = by("targets").querySelector(".target");
        if (first) order(verb, first.dataset.target);
      });
    } else if (event.key === "Enter" && event.shiftKey && at >= 0) {
      event.preventDefault();
      order("blind", rows[at].dataset.target);
    }
  });

  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    const { do: deed, order: verb, rescue: number, finish: how } = button.dataset;
    if (deed) deeds[deed]();
    else if (verb) order(verb, button.dataset.argument);
    else if (number) join(number);
    else if (how) finish(how, button.dataset.reason);
  });

  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-send]");
    if (!form) return;
    event.preventDefault();
    await act(form.dataset.send, new FormData(form, event.submitter));
    form.closest("details")?.removeAttribute("open");
  });

  root.addEventListener("change", (event) => {
    if (event.target.matches("[data-consent]")) act("consent", { given: event.target.checked ? "yes" : "no" });
  });

  // --- keys ------------------------------------------------------------------------------

  const press = (selector) => {
    const target = [...root.querySelectorAll(selector)].find((node) => node.getClientRects().length);
    target?.click();
    if (target?.matches("summary") && target.parentElement.open) target.parentElement.querySelector("button")?.focus();
    return Boolean(target);
  };
  const KEYS = {
    F2: () => press("[data-do=answer]") || press("[data-next]"),
    F4: () => press("[data-do=refuse]") || press("[data-pause] summary"),
    F7: () => now?.stage === "talking" && join([...root.querySelectorAll("[data-rescue]")].find((one) => !one.querySelector("kbd").hidden)?.dataset.rescue),
    F8: () => press("[data-order=hold]") || press("[data-order=resume]"),
    F9: () => press("[data-order=end]"),
    "Alt+KeyP": () => press("[data-do=transfer]"),
    "Alt+KeyC": () => press("[data-order=complete]"),
    "Alt+KeyJ": () => press("[data-order=three_way]"),
    "Alt+KeyX": () => press("[data-order=cancel]"),
    "Alt+KeyM": () => press("[data-do=mute]"),
    "Alt+KeyW": () => now?.stage === "talking" && order("warn"),
    "Alt+KeyK": () => press("[data-consent]"),
    "Alt+KeyA": () => press("[data-finish=answered]"),
    "Alt+KeyN": () => press("#no-case summary"),
    "Ctrl+Enter": () => press("[data-finish=case][data-main]"),
  };

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.isComposing || event.repeat || event.shiftKey || event.metaKey) return;
      if (event.getModifierState("AltGraph") || document.querySelector("dialog[open]")) return;
      const name = event.ctrlKey ? `Ctrl+${event.key}` : event.altKey ? `Alt+${event.code}` : event.key;
      if (!Object.hasOwn(KEYS, name)) return;
      event.preventDefault();
      event.stopPropagation();
      KEYS[name]();
    },
    true,
  );

  window.addEventListener("beforeunload", (event) => {
    if (phone?.busy || guided.unsaved) event.preventDefault();
  });

  // --- news ------------------------------------------------------------------------------

  let source = null;
  let heardAt = 0;
  let polledAt = 0;
  let seenAt = 0;

  function liveState(kind) {
    const node = by("live-state");
    if (node.dataset.kind === "out") return;
    const to = kind || (lost ? "lost" : alive ? "" : "polling");
    node.dataset.kind = to;
    const text = node.dataset[to] || "";
    if (node.textContent !== text) node.textContent = text;
  }

  function listen() {
    heardAt = Date.now();
    source = new EventSource(root.dataset.live);
    source.onopen = () => {
      alive = true;
      liveState();
    };
    source.addEventListener("talk", refresh);
    source.addEventListener("presence", refresh);
    source.onerror = () => {
      alive = false;
      liveState();
    };
  }

  function tick() {
    if (by("live-state").dataset.kind === "out") return;
    const time = Date.now();
    clocks();
    if (!alive && time - polledAt >= POLL_MS) {
      polledAt = time;
      refresh();
    }
    if (!alive && source?.readyState === EventSource.CLOSED && time - heardAt >= LISTEN_AGAIN_MS) listen();
    if (now && now.presence !== "off" && time - seenAt >= SEEN_MS) {
      seenAt = time;
      call(root.dataset.seen, new FormData()).catch(() => {});
    }
  }

  new Worker(root.dataset.beat).onmessage = tick;
  polledAt = Date.now();
  refresh();
  listen();
})();
