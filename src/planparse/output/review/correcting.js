// The second half of the page's script: corrections typed, kept, saved and opened.

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
function label(type, path) {
  const [, , , name, of] = known().types[type] || [];
  return name === undefined ? path : of ? `${of} · ${name}` : name;
}

function edit(row) {
  const open = side.querySelector(".editor");
  if (open) open.remove();
  const fact = row && known().items[row.dataset.i];
  if (!fact || (open && open.dataset.of === row.dataset.i)) return;
  const inner = make("form", undefined, { className: "fields" }), parts = new Map(), more = make("details");
  const part = (of) => {
    if (!parts.has(of)) {
      const made = make("fieldset");
      if (of) made.append(make("legend", of));
      parts.set(of, made);
    }
    return parts.get(of);
  };
  more.append(make("summary", say("More fields")));
  const rest = make("fieldset");
  const inputs = fact.f.map(([path, old, type]) => {
    const mine = changes.find((c) => meant(c, fact) && c.field === path), [kind, , , name, of] = known().types[type];
    const blank = !mine && (old === null || old === "" || same(old, [])) && (of || kind !== "choice");
    const line = make("label", blank ? label(type, path) : name), input = control(known().types[type], mine ? mine.new : old);
    line.title = label(type, path);
    line.append(input);
    (blank ? rest : part(of)).append(line);
    return [path, old, type, input];
  });
  inner.append(...parts.values());
  if (rest.children.length) { more.append(rest); inner.append(more); }
  if (!parts.size) more.open = true;
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
    if (one.words) line.append(make("small", one.words.replace(/\s+/g, " ").slice(0, 40)));
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

addEventListener("hashchange", arrive);
listed();
arrive();
