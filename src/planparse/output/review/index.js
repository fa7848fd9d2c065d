"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const plans = JSON.parse(byId("plans").textContent), told = JSON.parse(byId("about").textContent);
  const find = byId("find"), found = byId("found"), hits = byId("hits"), rows = [...document.querySelectorAll("tr[data-plan]")];
  const body = document.querySelector(".plans tbody"), MOST = 200, MINE = 3, AROUND = 30;
  let wait = 0, lower = null;
  function make(tag, text) { const made = document.createElement(tag); made.textContent = text; return made; }
  function search() {
    const words = find.value.trim().toLowerCase();
    lower ||= plans.map((plan) => plan.lines.map(([, text]) => text.toLowerCase()));
    hits.replaceChildren();
    let all = 0, shown = 0, within = 0;
    rows.forEach((row, number) => {
      const places = [];
      if (words) lower[number].forEach((text, at) => { const place = text.indexOf(words); if (place >= 0) places.push([at, place]); });
      row.hidden = Boolean(words) && !places.length && !row.textContent.toLowerCase().includes(words);
      if (!places.length) return;
      all += places.length;
      within += 1;
      if (shown < MOST) shown += hit(plans[number], places, words.length);
    });
    found.textContent = !words ? "" : all ? told["{count} places; plans: {plans}"].replace("{count}", all).replace("{plans}", within)
      : told["nothing found"];
  }
  // The places of one plan: the first of them, and on demand the others.
  function hit(plan, places, length) {
    const item = document.createElement("li"), head = make("a", plan.title);
    head.href = plan.url;
    head.append(make("small", decodeURIComponent(plan.url).replace(/\.review\.html$/, "")));
    item.append(head, ...places.slice(0, MINE).map((place) => line(plan, place, length)));
    const rest = places.slice(MINE, MOST);
    if (rest.length) {
      const more = make("button", told["and {count} more"].replace("{count}", places.length - MINE));
      more.type = "button";
      more.addEventListener("click", () => more.replaceWith(...rest.map((place) => line(plan, place, length))));
      item.append(more);
    }
    hits.append(item);
    return Math.min(places.length, MINE);
  }
  function line(plan, [at, place], length) {
    const [anchor, text] = plan.lines[at], link = make("a", (place > AROUND ? "…" : "") + text.slice(Math.max(0, place - AROUND), place));
    link.className = "place";
    link.href = plan.url + "#c" + anchor;
    link.append(make("mark", text.slice(place, place + length)), text.slice(place + length, place + length + 3 * AROUND));
    return link;
  }
  const cell = (row, column) => row.cells[column].textContent.trim();
  for (const button of document.querySelectorAll("[data-sort]")) button.addEventListener("click", () => {
    const column = Number(button.dataset.sort), head = button.parentElement, numeric = head.classList.contains("n");
    const down = head.ariaSort ? head.ariaSort === "ascending" : numeric;
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.ariaSort = down ? "descending" : "ascending";
    const order = numeric ? (a, b) => Number(cell(a, column)) - Number(cell(b, column))
      : (a, b) => cell(a, column).localeCompare(cell(b, column), "zh");
    body.append(...[...rows].sort((a, b) => (down ? -1 : 1) * order(a, b)));
  });
  find.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, 120); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== find) { event.preventDefault(); find.focus(); find.select(); }
    if (event.key === "Escape" && event.target === find) { find.value = ""; search(); }
  });
})();
