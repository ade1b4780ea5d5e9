/* Comfort for those whose browser runs scripts. Every page works without this file. */
"use strict";

/* How many characters a long answer may still have. */
for (const area of document.querySelectorAll("textarea[data-most]")) {
  const most = Number(area.dataset.most);
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.setAttribute("role", "status");
  area.after(counter);
  const count = () => {
    const left = most - [...area.value].length;
    const words = left < 0 ? area.dataset.over : area.dataset.left;
    counter.textContent = words.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
    counter.classList.toggle("counter--over", left < 0);
  };
  area.addEventListener("input", count);
  count();
}

/* Places found while the name is being typed. */
const search = document.querySelector("[data-places]");
if (search) {
  const found = document.getElementById("places");
  const said = document.getElementById("places-said");
  const searched = document.querySelector("input[name=searched]");
  let asked = 0;
  let wait;
  const look = async () => {
    const turn = ++asked;
    const words = search.value.trim();
    if (words.length < 2) return;
    const chosen = document.querySelector("input[name=place]:checked")?.value ?? "";
    const query = new URLSearchParams({ q: words, chosen });
    const answer = await fetch(`${search.dataset.places}?${query}`);
    if (!answer.ok || turn !== asked) return;
    found.innerHTML = await answer.text();
    said.textContent = found.querySelector("[data-said]")?.textContent ?? "";
    searched.value = search.value;
    const ward = document.getElementById("ward");
    if (ward) ward.value = ""; // what is picked last, counts
  };
  search.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => look().catch(() => undefined), 250);
  });
}

/* What is wrong is read out first. */
document.querySelector(".errors")?.focus();

/* A second click while the first is under way sends nothing. */
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
