// Shows the page's table anew about once a second. Rows that are there stay as they are, so what is open stays open and
// the focus where it is; only new ones come, and the oldest go.
"use strict";
const rows = document.getElementById("decisions");
const pause = document.getElementById("pause");
const state = document.getElementById("state");
let paused = false;
let tag = "";
let timer;

function say(text) {
  // A screen reader hears only what is another state than before.
  if (state.textContent !== text) state.textContent = text;
}

function show(page) {
  const fresh = [...page.getElementById("decisions").rows];
  const kept = new Set(fresh.map((row) => row.id));
  for (const row of [...rows.rows]) {
    const inUse = row.contains(document.activeElement) || row.querySelector("details[open]");
    if (!kept.has(row.id) && !inUse) row.remove();
  }
  rows.prepend(...fresh.filter((row) => !document.getElementById(row.id)).map((row) => document.adoptNode(row)));
  rows.closest("table").hidden = rows.rows.length === 0;
  document.getElementById("none").hidden = rows.rows.length > 0;
}

async function look() {
  clearTimeout(timer);
  if (paused || document.hidden) return;
  try {
    const headers = tag ? { "If-None-Match": tag } : {};
    const answer = await fetch(location.pathname, { headers, cache: "no-store", signal: AbortSignal.timeout(10000) });
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      tag = answer.headers.get("ETag") ?? "";
      if (!paused) show(page);
    }
    if (!paused) say(answer.ok || answer.status === 304 ? "Live." : "The stack doesn’t answer as it should.");
  } catch {
    if (!paused) say("The stack doesn’t answer. What it decided before is still here.");
  }
  clearTimeout(timer);
  if (!paused) timer = setTimeout(look, 1000);
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Go on" : "Pause";
  say(paused ? "Paused." : "Live.");
  look();
});
document.addEventListener("visibilitychange", look);
pause.hidden = false;
look();
