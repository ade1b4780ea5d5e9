// Keeps the wallboard up to date from the live plane. Without this file the page reloads itself.
"use strict";

(() => {
  const RETRY_MS = 2000;
  const POLL_MS = 5000;
  const STALE_MS = 15000; // the live plane sends a snapshot every 5 s even if nothing changed
  const board = document.getElementById("board");
  const words = JSON.parse(document.getElementById("board-words").textContent);
  const linkState = document.getElementById("link-state");
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
  const word = (kind, key) => words[kind][key] ?? key;

  let seen = null; // the newest snapshot
  let ahead = 0; // by how many ms the server's clock is ahead of this one
  let heard = 0; // when anything came (this machine's clock)
  let source = null;
  let trouble = "";
  let polling = false;

  const zone = board.dataset.zone;
  const hhmm = (iso, seconds) =>
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hour: "2-digit", minute: "2-digit", ...(seconds && { second: "2-digit" }),
    }).format(new Date(iso));
  const share = (value) => (value === null ? "–" : `${Math.floor(value * 100)} %`);
  function clock(seconds) {
    if (seconds === null) return "–";
    const whole = Math.max(0, Math.floor(seconds));
    const two = (number) => String(number).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }
  const since = (iso) => (iso ? clock((Date.now() + ahead - new Date(iso)) / 1000) : "–");
  const write = (node, text) => {
    if (node.textContent !== String(text)) node.textContent = text;
  };
  const at = (object, path) => path.split(".").reduce((value, name) => value?.[name], object);
  const grouped = new Intl.NumberFormat(document.documentElement.lang, { minimumGroupingDigits: 1 });
  const figure = (value) => grouped.format(value);
  const show = { share, clock, figure };

  function figures(scope, object) {
    for (const node of scope.querySelectorAll("[data-is]")) {
      const value = at(object, node.dataset.is);
      write(node, show[node.dataset.as ?? "figure"](value));
    }
  }

  function branchRow(branch) {
    const row = board.querySelector(`[data-branch="${CSS.escape(branch.branch)}"]`);
    if (!row) return location.reload(); // a branch that the page does not know
    figures(row, branch);
    const to = branch.switch;
    write(row.querySelector("[data-who]"), to
      ? fill(word("switched", to.to), { until: hhmm(to.until) })
      : branch.staffed ? words.people : words.bot_only);
    write(row.querySelector("[data-by]"), to?.by ? fill(words.by, { name: to.by }) : "");
    row.className = to ? "switched" : branch.waiting ? "busy" : "";
    for (const [selector, hidden] of [["[data-switch]", to], ["[data-end]", !to]]) {
      const button = row.querySelector(selector);
      if (button) button.hidden = Boolean(hidden);
    }
  }

  function list(id, template, rows, put) {
    const parent = document.getElementById(id);
    while (parent.children.length > rows.length) parent.lastElementChild.remove();
    while (parent.children.length < rows.length) {
      parent.append(document.getElementById(template).content.cloneNode(true));
    }
    rows.forEach((row, index) => put(parent.children[index], row));
  }

  function person(node, one) {
    node.className = `person person--${one.state}`;
    write(node.querySelector(".person__name"), one.name || words.unnamed);
    write(node.querySelector(".person__kind"), `${word("kinds", one.kind)} · ${one.branches.join(", ")}`);
    const reason = one.reason ? `: ${word("reasons", one.reason)}` : "";
    write(node.querySelector(".person__state"), word("states", one.state) + reason);
    write(node.querySelector(".person__since"), since(one.since));
  }

  function machine(node, one) {
    node.className = one.up ? "node" : "node node--down";
    write(node.querySelector(".node__name"), word("processes", one.process));
    write(node.querySelector(".node__host"), one.node);
    const state = one.silent_since
      ? fill(words.silent, { time: hhmm(one.silent_since) })
      : one.up ? words.up : words.down;
    write(node.querySelector(".node__state"), one.why ? `${state} – ${one.why}` : state);
    const calls = node.querySelector(".node__calls");
    if (one.calls !== null) write(calls, fill(words.calls, { calls: one.calls, capacity: seen.capacity }));
    else calls?.remove();
  }

  function late(name, count) {
    const node = board.querySelector(`[data-late="${name}"]`);
    node.hidden = !count;
    write(node, fill(name === "urgent" ? words.urgent : words.late, { count }));
  }

  function draw() {
    if (String(seen.city) !== board.dataset.city) return location.reload();
    for (const tiles of board.querySelectorAll(".tiles")) figures(tiles, seen);
    seen.branches.forEach(branchRow);
    for (const node of board.querySelectorAll("[data-sum]")) {
      write(node, figure(seen.branches.reduce((sum, branch) => sum + branch[node.dataset.sum], 0)));
    }
    late("urgent", seen.listening.urgent);
    late("overdue", seen.call_backs.overdue);
    list("operators", "person", seen.operators, person);
    list("nodes", "node", seen.nodes, machine);
    write(document.getElementById("on-duty"), seen.operators.length);
    document.getElementById("nobody").hidden = seen.operators.length > 0;
    tick();
  }

  // What runs between two snapshots: waits, states, and whether the figures are still true.
  function tick() {
    if (seen) {
      const oldest = seen.branches.map((branch) => branch.oldest).filter(Boolean).sort()[0];
      write(board.querySelector("dd[data-oldest]"), since(oldest));
      for (const branch of seen.branches) {
        const cell = board.querySelector(`[data-branch="${CSS.escape(branch.branch)}"] [data-oldest]`);
        if (cell) write(cell, since(branch.oldest));
      }
      seen.operators.forEach((one, index) => {
        const node = document.getElementById("operators").children[index];
        if (node) write(node.querySelector(".person__since"), since(one.since));
      });
    }
    state();
  }

  function state() {
    const stale = !seen || Date.now() - heard > STALE_MS || trouble !== "";
    const kind = trouble === "signed_out" ? "out" : polling ? "slow" : stale ? "lost" : "live";
    board.classList.toggle("stale", kind === "lost" || kind === "out");
    linkState.dataset.kind = kind;
    const time = seen ? hhmm(seen.at, true) : hhmm(board.dataset.at, true);
    const said = {
      live: `${words.live} · ${time}`,
      slow: words.polling,
      lost: `${trouble === "trouble" ? words.trouble : words.lost} ${fill(words.old, { time })}`,
      out: words.signed_out,
    }[kind];
    // A status that changes each second would be read out each second.
    linkState.setAttribute("aria-live", kind === "live" ? "off" : "polite");
    const node = linkState.querySelector(".link-state__words");
    if (kind === "out" && !node.querySelector("a")) {
      const link = Object.assign(document.createElement("a"), { href: board.dataset.signIn, textContent: said });
      node.replaceChildren(link);
    } else if (kind !== "out") write(node, said);
  }

  function take(text) {
    seen = JSON.parse(text);
    ahead = new Date(seen.at) - Date.now();
    heard = Date.now();
    trouble = "";
    draw();
  }

  function listen() {
    source = new EventSource(board.dataset.live);
    source.addEventListener("board", (event) => {
      polling = false;
      take(event.data);
    });
    source.addEventListener("trouble", () => {
      heard = Date.now();
      trouble = "trouble";
      state();
    });
    source.onerror = () => {
      trouble ||= "lost";
      state();
      // The browser tries again by itself, except after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(ask, RETRY_MS);
    };
  }

  // Why is there no stream? Signed out, or the live plane is down: then ask now and then.
  async function ask() {
    try {
      const answer = await fetch(board.dataset.state, { redirect: "manual", cache: "no-store" });
      if (answer.ok) {
        polling = true;
        take(await answer.text());
      } else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        polling = false;
        trouble = "signed_out";
        return state();
      }
    } catch {
      polling = false;
      trouble = "lost";
      state();
    }
    setTimeout(listen, POLL_MS - RETRY_MS);
  }

  document.getElementById("switch-at")?.addEventListener("input", () => {
    document.getElementById("for-until").checked = true;
  });
  listen();
  setInterval(tick, 1000);
})();
