"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const plans = JSON.parse(byId("plans").textContent), told = JSON.parse(byId("about").textContent);
  const find = byId("find"), found = byId("found"), hits = byId("hits"), rows = [...document.querySelectorAll("tr[data-plan]")];
  const MOST = 200, AROUND = 30;
  let wait = 0, lower = null;
  function search() {
    const words = find.value.trim().toLowerCase();
    lower ||= plans.map((plan) => plan.lines.map(([, text]) => text.toLowerCase()));
    hits.replaceChildren();
    let all = 0;
    rows.forEach((row, number) => {
      let mine = row.textContent.toLowerCase().includes(words) ? 1 : 0;
      if (words) lower[number].forEach((text, at) => {
        const place = text.indexOf(words);
        if (place < 0) return;
        mine += 1;
        if (all++ < MOST) hits.append(hit(plans[number], plans[number].lines[at], place, words.length));
      });
      row.hidden = Boolean(words) && !mine;
    });
    found.textContent = words ? (all ? told.hits.replace("{count}", all) : told.nothing) : "";
  }
  function hit(plan, [anchor, text], place, length) {
    const line = document.createElement("li"), link = document.createElement("a"), said = document.createElement("span");
    const mark = document.createElement("mark"), about = document.createElement("small");
    link.href = plan.url + "#c" + anchor;
    mark.textContent = text.slice(place, place + length);
    said.append((place > AROUND ? "…" : "") + text.slice(Math.max(0, place - AROUND), place), mark, text.slice(place + length, place + length + 3 * AROUND));
    link.append(said);
    about.textContent = plan.title + " · " + decodeURIComponent(plan.url).replace(/\.review\.html$/, "");
    line.append(link, about);
    return line;
  }
  find.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(search, 120); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target !== find) { event.preventDefault(); find.focus(); find.select(); }
    if (event.key === "Escape" && event.target === find) { find.value = ""; search(); }
  });
})();
