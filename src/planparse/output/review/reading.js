// The first half of the page's script: both sides, filters, pictures, find, keys. correcting.js is the second.

const root = document.documentElement, byId = (id) => document.getElementById(id);
const read = (id) => { const block = byId(id); return block ? JSON.parse(block.textContent) : null; };
const about = read("about"), say = (words) => about.words[words] || words;
const source = byId("source"), side = byId("side"), tabs = byId("tabs");
let held = null;
const known = () => (held ||= read("items"));
const small = () => matchMedia("(max-width: 820px)").matches;

// Both sides

let chosen = null;
const right = (number) => byId("i" + number);
const left = (number) => source.querySelectorAll(`[data-m~="${Number(number)}"]`);

function show(tab) {
  for (const button of tabs.children) button.setAttribute("aria-selected", String(button.dataset.tab === tab));
  root.classList.toggle("reading", tab === "source");
  if (tab === "source") return;
  for (const panel of side.children) panel.classList.toggle("open", panel.id === tab);
}
function tabNow() { return side.querySelector(".panel.open").id; }
function letGo() {
  for (const one of document.querySelectorAll(".sel")) one.classList.remove("sel");
  chosen = null;
}
function choose(number, { to = "both" } = {}) {
  letGo();
  chosen = Number(number);
  const row = right(chosen), places = left(chosen);
  for (const place of places) place.classList.add("sel");
  if (row) {
    row.classList.add("sel");
    if (to !== "left") {
      for (let up = row.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
      show(row.closest(".panel").id);
      row.scrollIntoView({ block: "center" });
    }
  }
  if (to !== "right") {
    const place = places[0] || fallback(row);
    if (place) {
      if (small() && to === "left") show("source");
      place.scrollIntoView({ block: "center" });
      if (!places.length) place.classList.add("sel");
    }
  }
  if (row) {
    const name = row.getAttribute("href");
    try { history.replaceState(null, "", name || "#i" + chosen); } catch { /* a page in a frame has no address */ }
  }
}
function fallback(row) {
  if (!row) return null;
  const href = row.getAttribute("href"), told = known().items[row.dataset.i];
  if (href && /^#c\d+$/.test(href)) return byId(href.slice(1));
  return told && told.s ? lineAt(told.s.start) : null;
}
let starts = null;
function lineAt(offset) {
  starts ||= [...source.querySelectorAll("[id^=c]")].map((line) => Number(line.id.slice(1)));
  let low = 0, high = starts.length - 1;
  while (low < high) { const mid = (low + high + 1) >> 1; if (starts[mid] <= offset) low = mid; else high = mid - 1; }
  return byId("c" + starts[low]);
}
const off = (kind, severity) => root.classList.contains("off-" + kind) || root.classList.contains("off-" + severity);
const hidden = (row) => !row || off(row.dataset.k, row.dataset.v);

source.addEventListener("click", (event) => {
  const page = event.target.closest("[data-page]");
  if (page) return picture(page);
  const mark = event.target.closest("[data-m]");
  if (!mark || String(getSelection())) return;
  const numbers = mark.dataset.m.split(" ").map(Number).filter((n) => !hidden(right(n)));
  // The same place again: the next of the facts that stand there.
  if (numbers.length) choose(numbers[(numbers.indexOf(chosen) + 1) % numbers.length], { to: "right" });
});
side.addEventListener("click", (event) => {
  const jump = event.target.closest("[data-jump]");
  if (jump) return byId("facts").querySelector(`section[data-kind=${jump.dataset.jump}]`).scrollIntoView();
  const row = event.target.closest("[data-i]");
  if (!row || event.target.closest(".editor")) return;
  event.preventDefault();
  if (event.target.closest(".edit")) { choose(row.dataset.i); return edit(row); }
  if (!String(getSelection())) choose(row.dataset.i, { to: "left" });
});
tabs.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tab]");
  if (button) show(button.dataset.tab);
});

// Filters

byId("filters").addEventListener("click", (event) => {
  const chip = event.target.closest(".chip");
  if (!chip) return;
  const on = chip.getAttribute("aria-pressed") !== "true";
  chip.setAttribute("aria-pressed", String(on));
  if (chip.id === "pages") return pictures(on);
  if (event.shiftKey) return only(chip);
  root.classList.toggle("off-" + (chip.dataset.kind || chip.dataset.severity), !on);
});

function only(chip) {
  const name = chip.dataset.kind ? "kind" : "severity", all = [...byId("filters").querySelectorAll(`[data-${name}]`)];
  const alone = all.every((one) => (one === chip) !== root.classList.contains("off-" + one.dataset[name]));
  for (const one of all) {
    const on = alone || one === chip;
    one.setAttribute("aria-pressed", String(on));
    root.classList.toggle("off-" + one.dataset[name], !on);
  }
}

// Pictures of the pages

const seen = "IntersectionObserver" in window ? new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
}, { root: source, rootMargin: "600px" }) : null;
let drawn = null;
function draw(button) {
  drawn ||= read("pictures") || [];
  const image = document.createElement("img");
  image.alt = button.textContent;
  const picture = drawn[Number(button.dataset.page) - 1] || "";
  image.src = picture.startsWith("data:image/") ? picture : "data:,";
  button.after(image);
}
function picture(button) {
  const image = button.parentElement.querySelector("img");
  if (image) image.remove(); else draw(button);
}
function pictures(on) {
  for (const button of source.querySelectorAll("[data-page]")) {
    const image = button.parentElement.querySelector("img");
    if (!on) { if (seen) seen.unobserve(button); if (image) image.remove(); }
    else if (!image) { if (seen) seen.observe(button); else draw(button); }
  }
}

// Find

const find = byId("find"), found = byId("found"), lit = window.CSS && CSS.highlights && window.Highlight;
let lines = null, hits = [], at = -1, wait = 0;
function search() {
  lines ||= [...source.querySelectorAll("p[id], td, th")].map((line) => [line, line.textContent.toLowerCase()]);
  const words = find.value.trim().toLowerCase();
  hits = []; at = -1;
  if (words) for (const [line, text] of lines) {
    for (let place = text.indexOf(words); place >= 0 && hits.length < 5000; place = text.indexOf(words, place + words.length)) {
      hits.push([line, place, words.length]);
    }
  }
  if (lit) CSS.highlights.delete("find");
  if (lit && hits.length) CSS.highlights.set("find", new Highlight(...hits.slice(0, 1000).map(range)));
  step(1);
}
function range([line, place, length]) {
  const made = document.createRange(), walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let passed = 0, begun = false;
  for (let node = walker.nextNode(); node; passed += node.length, node = walker.nextNode()) {
    if (!begun && place < passed + node.length) { made.setStart(node, place - passed); begun = true; }
    if (begun && place + length <= passed + node.length) { made.setEnd(node, place + length - passed); break; }
  }
  return made;
}
function step(by) {
  if (lit) CSS.highlights.delete("now");
  for (const line of source.querySelectorAll(".hit")) line.classList.remove("hit");
  if (!hits.length) { found.textContent = find.value.trim() ? say("nothing found") : ""; return; }
  at = (at + by + hits.length) % hits.length;
  found.textContent = say("{at} of {all}").replace("{at}", at + 1).replace("{all}", hits.length);
  const place = range(hits[at]);
  if (lit) CSS.highlights.set("now", new Highlight(place)); else hits[at][0].classList.add("hit");
  if (small()) show("source");
  (place.startContainer.parentElement || hits[at][0]).scrollIntoView({ block: "center" });
}
find.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, 120); });
find.addEventListener("keydown", (event) => {
  if (event.key === "Enter") { event.preventDefault(); if (hits.length) step(event.shiftKey ? -1 : 1); else search(); }
  if (event.key === "Escape") { find.value = ""; search(); find.blur(); }
});

// Keys

function next(by) {
  const tab = ["outline", "doubts"].includes(tabNow()) ? tabNow() : "facts";
  const rows = [...byId(tab).querySelectorAll("[data-i]")].filter((row) => !hidden(row));
  if (!rows.length) return;
  const now = rows.findIndex((row) => Number(row.dataset.i) === chosen);
  choose(rows[now < 0 ? (by > 0 ? 0 : rows.length - 1) : (now + by + rows.length) % rows.length].dataset.i);
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  const acts = {
    j: () => next(1), k: () => next(-1), "/": () => { find.focus(); find.select(); },
    t: () => show(tabNow() === "outline" ? "facts" : "outline"), p: () => byId("pages") && byId("pages").click(),
    e: () => chosen !== null && edit(right(chosen)), Escape: letGo,
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

function arrive() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (!name) return;
  const number = /^i\d+$/.test(name) ? name.slice(1) : Object.hasOwn(known().anchors, name) ? known().anchors[name] : null;
  if (number !== null && right(number)) return choose(number);
  const line = /^c\d+$/.test(name) && (byId(name) || lineAt(Number(name.slice(1))));
  if (line) { if (small()) show("source"); line.classList.add("sel"); line.scrollIntoView({ block: "center" }); }
}
