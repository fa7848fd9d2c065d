"use strict";
(() => {
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
    root.classList.toggle("off-" + (chip.dataset.kind || chip.dataset.severity), !on);
  });

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

  // Corrections

  const list = byId("changes"), save = byId("save"), shelf = "planparse.corrections." + about.sha256;
  let changes = [];
  try { changes = JSON.parse(localStorage.getItem(shelf) || "[]").filter(sound); } catch { changes = []; }
  function sound(change) { return Boolean(change) && typeof change.kind === "string" && typeof change.field === "string"; }
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const place = (span) => (span ? [span.start, span.end] : null);
  const meant = (change, told) => change.kind === told.k && same(place(change.span), place(told.s)) && (change.nth ?? 0) === (told.n ?? 0);
  function make(tag, text, names) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    return Object.assign(made, names);
  }
  function told(value) {
    if (value === null || value === "" || value === undefined) return "—";
    return Array.isArray(value) ? value.join("、") : known().options[value] || String(value);
  }
  function label(type, path) { return known().types[type] ? known().types[type][3] : path; }

  function edit(row) {
    const open = side.querySelector(".editor");
    if (open) open.remove();
    const fact = row && known().items[row.dataset.i];
    if (!fact || (open && open.dataset.of === row.dataset.i)) return;
    const inner = make("form", undefined, { className: "fields" });
    const inputs = fact.f.map(([path, old, type]) => {
      const mine = changes.find((c) => meant(c, fact) && c.field === path);
      const line = make("label", label(type, path)), input = control(known().types[type], mine ? mine.new : old);
      line.append(input);
      inner.append(line);
      return [path, old, type, input];
    });
    const acts = make("p", undefined, { className: "acts" }), keep = make("button", say("Keep"), { className: "keep" });
    const cancel = make("button", say("Cancel"), { type: "button" });
    acts.append(keep, " ", cancel);
    inner.append(acts);
    inner.addEventListener("submit", (event) => {
      event.preventDefault();
      for (const [path, old, type, input] of inputs) {
        const value = typed(known().types[type], input.value, old);
        changes = changes.filter((c) => !(meant(c, fact) && c.field === path));
        if (!same(value, old)) changes.push(change(fact, path, old, value));
      }
      editor.remove();
      kept();
    });
    const editor = make("tr", undefined, { className: "editor" }), cell = make("td", undefined, { colSpan: row.cells ? row.cells.length : 1 });
    editor.dataset.of = row.dataset.i;
    cancel.addEventListener("click", () => editor.remove());
    editor.addEventListener("keydown", (event) => { if (event.key === "Escape") editor.remove(); });
    cell.append(inner);
    editor.append(cell);
    row.after(editor);
    if (inputs.length) inputs[0][3].focus();
  }
  function control([kind, options, needed], value) {
    if (kind === "choice" || kind === "flag") {
      const input = make("select"), all = kind === "flag" ? ["true", "false"] : options;
      if (!needed && kind === "choice") input.append(make("option", say("not set"), { value: "" }));
      for (const one of all) {
        const words = kind === "flag" ? say(one === "true" ? "yes" : "no") : known().options[one] || one;
        input.append(make("option", words, { value: one }));
      }
      input.value = value === null ? "" : String(value);
      return input;
    }
    const text = Array.isArray(value) ? value.join("、") : value === null ? "" : String(value);
    if (kind === "number" || kind === "whole") return make("input", undefined, { type: "number", step: kind === "whole" ? "1" : "any", value: text });
    return text.length > 40 ? make("textarea", undefined, { value: text, rows: 3, required: needed })
      : make("input", undefined, { type: "text", value: text, required: needed });
  }
  function typed([kind, , needed], text, old) {
    if (kind === "flag") return text === "true";
    if (kind === "names" || kind === "list") {
      return text === (old || []).join("、") ? old : text.split(/[、；;\n]/).map((one) => one.trim()).filter(Boolean);
    }
    if (text.trim() === "") return needed ? old : null;
    if (kind === "number" || kind === "whole") return Number.isFinite(Number(text)) ? Number(text) : old;
    return text === old ? old : text.trim();
  }
  function change(fact, field, old, value) {
    const made = { kind: fact.k, span: fact.s, field, old, new: value };
    if (fact.n !== undefined) made.nth = fact.n;
    if (fact.w !== undefined) made.words = fact.w;
    return made;
  }
  function kept() {
    try { localStorage.setItem(shelf, JSON.stringify(changes)); } catch { /* kept until the page is closed */ }
    listed();
  }
  function listed() {
    list.replaceChildren();
    for (const row of side.querySelectorAll(".changed")) row.classList.remove("changed");
    save.disabled = !changes.length;
    const count = tabs.querySelector("[data-tab=corrections] small");
    count.textContent = changes.length || "";
    if (!changes.length) return;
    const facts = Object.entries(known().items);
    for (const one of changes) {
      const [number, fact] = facts.find(([, f]) => meant(one, f)) || [];
      const field = fact && fact.f.find(([path]) => path === one.field);
      const line = make("li"), back = make("button", say("Take back"), { type: "button" });
      line.append(make("b", `${known().kinds[one.kind] || one.kind} · ${field ? label(field[2], one.field) : one.field}`));
      line.append(make("del", told(one.old)), make("ins", told(one.new)), back);
      back.addEventListener("click", () => { changes = changes.filter((c) => c !== one); kept(); });
      if (number !== undefined) {
        right(number).classList.add("changed");
        line.querySelector("b").addEventListener("click", () => choose(number, { to: "left" }));
      }
      list.append(line);
    }
  }
  save.addEventListener("click", () => {
    const made = { schema_version: "1", sha256: about.sha256, name: about.name, changes };
    const link = make("a", undefined, {
      href: URL.createObjectURL(new Blob([JSON.stringify(made, null, 2) + "\n"], { type: "application/json" })),
      download: about.name + ".corrections.json",
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  });
  byId("open").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    let made;
    try { made = JSON.parse(await file.text()); } catch { made = null; }
    if (!made || !Array.isArray(made.changes)) return complain(say("not a corrections file"));
    if (made.sha256 !== about.sha256) return complain(say("these corrections are for another source"));
    for (const one of made.changes.filter(sound)) {
      changes = changes.filter((c) => !(c.kind === one.kind && same(place(c.span), place(one.span)) && (c.nth ?? 0) === (one.nth ?? 0) && c.field === one.field));
      changes.push(one);
    }
    kept();
  });
  function complain(words) { list.replaceChildren(make("li", words, { className: "wrong" })); }

  function arrive() {
    const name = decodeURIComponent(location.hash.slice(1));
    if (!name) return;
    const number = /^i\d+$/.test(name) ? name.slice(1) : Object.hasOwn(known().anchors, name) ? known().anchors[name] : null;
    if (number !== null && right(number)) return choose(number);
    const line = /^c\d+$/.test(name) && (byId(name) || lineAt(Number(name.slice(1))));
    if (line) { if (small()) show("source"); line.classList.add("sel"); line.scrollIntoView({ block: "center" }); }
  }
  addEventListener("hashchange", arrive);
  listed();
  arrive();
})();
