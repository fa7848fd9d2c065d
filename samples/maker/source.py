"""source.yaml → Sample: the pieces to print, and the truth that the source's own marks tell."""

import re
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from maker.marks import commitments, named, plain, tags
from maker.model import Box, Cell, PageBreak, Para, Sample, Table

LINES = {"number", "notice", "to", "sign", "date", "open", "title", "draft", "centre", "cc", "signer"}
PAGE = 420  # characters that an author's page held, for the numbers in a 目录
FACTS = ("toc", "sections", "boxes", "indicators", "tags", "tasks", "commitments")


def read_source(path: Path) -> Sample:
    """The sample that `path` (samples/NAME/source.yaml) describes."""
    source = yaml.safe_load(path.read_text(encoding="utf-8"))
    sample = Sample(path.parent.name, source["formats"], web=source.get("web") or {})
    sample.truth = {"doc": sample.name, "front": source["front"], **{fact: [] for fact in FACTS}}
    reader = _Reader(sample)
    for block in source["blocks"]:
        reader.block(block)
    reader.contents()
    for key in ("joins", "anomalies"):
        sample.truth[key] = list(source.get(key) or [])
    return sample


class _Reader:
    """Walks the blocks once; knows which section is open, as the data model says who owns what follows."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.truth: dict[str, Any] = sample.truth
        self.open: list[dict[str, Any]] = []
        self.annex = False
        self.toc: tuple[int, dict[str, Any]] | None = None

    def block(self, block: dict[str, Any]) -> None:
        kind, value = next(iter(block.items()))
        if kind in LINES:
            self.add(Para(value, kind))
        elif kind == "page":
            self.sample.pieces.append(PageBreak())
        elif kind == "toc":
            self.toc = (len(self.sample.pieces), value)
        elif kind == "annex":
            self.annex, self.open = True, []
            self.add(Para(value, "annex"))
        elif kind == "p":
            self.paragraph(value)
        elif kind[0] == "h" and kind[1:].isdigit():
            self.heading(int(kind[1:]), value, block)
        elif kind[0] == "r" and kind[1:].isdigit():
            self.run_in(int(kind[1:]), value, block)
        elif kind == "box":
            self.box(value)
        elif kind == "indicators":
            self.sample.pieces += self.indicators(value, len(self.truth["boxes"]))
        elif kind == "tasks":
            self.tasks(value)
        else:
            raise ValueError(f"{self.sample.name}: unknown block {kind}")

    def add(self, para: Para) -> Para:
        self.sample.pieces.append(para)
        return para

    def note(self, fact: str, entry: dict[str, Any], place: Para | Cell | Table) -> dict[str, Any]:
        self.truth[fact].append(entry)
        self.sample.places.append((entry, place))
        return entry

    def paragraph(self, words: str) -> None:
        last = self.open[-1] if self.open else None
        weak = last and last["kind"] == "runin" and not re.search(r"\d|^[一二三四五六七八九十]+、|[（(]", last["number"])
        if weak and not words.startswith("{t"):
            self.open.pop()
        self.facts(words, self.add(Para(words)))

    def facts(self, words: str, para: Para) -> None:
        section = self.open[-1]["id"] if self.open else None
        for tag in tags(words):
            self.note("tags", {"section": section, **tag}, para)
        for promise in commitments(words):
            self.note("commitments", promise, para)

    def section(self, level: int, number: str, title: str, kind: str, block: dict[str, Any], para: Para) -> None:
        if self.annex:
            return
        while self.open and self.open[-1]["level"] >= level:
            self.open.pop()
        entry: dict[str, Any] = {
            "id": len(self.truth["sections"]) + 1,
            "parent": self.open[-1]["id"] if self.open else None,
            "level": level,
            "number": number.strip(),
            "title": plain(title),
            "line": 0,
            "kind": kind,
        }
        if implied := block.get("implied"):
            entry["implied_number"] = implied
        self.open.append(self.note("sections", entry, para))

    def heading(self, level: int, value: str, block: dict[str, Any]) -> None:
        number, title = (part.strip().replace("␣", " ") for part in value.split("|"))
        label = "" if block.get("typed") or not number else number
        gap = block.get("gap", "　" if re.match("第.+[章节编篇]", number) else "")
        para = self.add(Para(f"{number}{gap}{title}", "heading", level, label))
        self.section(level, number, title.rstrip("。"), "heading", block, para)

    def run_in(self, level: int, value: str, block: dict[str, Any]) -> None:
        number, title, rest = (part.strip().replace("␣", " ") for part in value.split("|", 2))
        words = f"{number}{title}。{rest}"
        if block.get("lost_break"):
            para = next(p for p in reversed(self.sample.pieces) if isinstance(p, Para))
            para.words += words
        else:
            label = "" if block.get("typed") else number
            para = self.add(Para(words, "run", level, label, bold=len(number) + len(plain(title)) + 1))
        self.section(level, number, title, "runin", block, para)
        self.facts(rest, para)

    def standing(self) -> int | None:
        return next((s["id"] for s in reversed(self.open) if s["kind"] == "heading"), None)

    def box(self, value: dict[str, Any]) -> None:
        caption = Para(value["caption"], "caption")
        entry = {
            "number": value.get("number"),
            "title": value["title"],
            "kind": value["kind"],
            "parent": self.standing(),
            "line": 0,
            "items": [],
        }
        index = len(self.truth["boxes"])
        self.note("boxes", entry, caption)
        content: list[Para | Table] = []
        group = None
        for block in value["content"]:
            kind, words = next(iter(block.items()))
            if kind == "table":
                content += self.indicators({**words, "boxed": True}, index)
                continue
            para = Para(words, {"g": "group"}.get(kind, "body"))
            if kind == "g":
                group = plain(words).split("、", 1)[-1]
            elif kind == "i":
                number, name, text = (part.strip().replace("␣", " ") for part in words.split("|", 2))
                gap = block.get("gap", "。")
                para = Para(f"{number}{name}{gap}{text}", "run", bold=len(number) + len(name) + len(gap))
                item = {"name": name, "number": number, "group": group, "line": 0, "text_head": plain(text)[:12]}
                entry["items"].append(item)
                self.sample.places.append((item, para))
            self.facts(words, para)
            content.append(para)
        self.sample.pieces.append(Box(caption, content, value.get("style", "cell")))

    def indicators(self, value: dict[str, Any], index: int) -> list[Any]:
        value = with_rows(value)
        columns: list[str] = value["columns"]
        table = rows_to_table(value["header"] + value["rows"], value["widths"], head=len(value["header"]))
        group = parent = None
        for row, cells in zip(value["rows"], table.rows[len(value["header"]) :], strict=True):
            if all(word == "<" for word in row[1:]):
                group = plain(row[0]).split("、", 1)[-1]
                continue
            named_cells = {column: str(word) for column, word in zip(columns, row, strict=True)}
            if "group" in columns and named_cells["group"] != "^":
                group = plain(named_cells["group"])
            name = named_cells["name"]
            if name == "^":
                name = parent or ""
            parent = name
            if "leaf" in columns and named_cells["leaf"] != "<":
                name = named_cells["leaf"]
            unit = named(name, "u") or [plain(named_cells.get("unit", ""))]
            sequence = named(name, "n") or [plain(named_cells.get("seq", ""))]
            bare = re.sub(r"\{n [^{}]*\}|[（(]\{u [^{}]*\}[）)]", "", name)
            nature = plain(named_cells.get("nature", ""))
            other = {"seq", "name", "leaf", "unit", "group", "nature"}
            entry = {
                "box": index,
                "seq": sequence[0].rstrip(".．、") or None,
                "name": plain(bare),
                "unit": unit[0].strip("—") or None,
                "group": group,
                "values": {c: plain(w) or None for c, w in named_cells.items() if c not in other},
                "nature": nature or None,
            }
            self.note("indicators", entry, cells[0])
        if value.get("boxed"):
            return [table]
        caption = Para(value["caption"], "caption")
        title = value.get("title", value["caption"])
        box = {"number": None, "title": title, "kind": "indicators", "parent": self.standing(), "line": 0, "items": []}
        self.note("boxes", box, caption)
        return [caption, table]

    def tasks(self, value: dict[str, Any]) -> None:
        value = with_rows(value)
        if value.get("caption"):
            self.add(Para(value["caption"], "caption"))
        table = rows_to_table(value["header"] + value["rows"], value["widths"], head=len(value["header"]))
        self.sample.pieces.append(table)
        columns: list[str] = value["columns"]
        last: dict[str, str] = {}
        for row, cells in zip(value["rows"], table.rows[len(value["header"]) :], strict=True):
            words = {c: last[c] if w == "^" else str(w) for c, w in zip(columns, row, strict=True)}
            last = words
            entry = {
                "seq": words.get("seq"),
                "task": plain(words["task"]),
                "lead": named(words.get("lead", ""), "l"),
                "support": named(words.get("support", words.get("lead", "")), "s"),
            }
            self.note("tasks", entry, cells[0])
            for promise in commitments(words["task"]):
                self.note("commitments", promise, cells[0])

    def contents(self) -> None:
        """The 目录, now that all headings are known; its page numbers are the author's, as in a real plan."""
        if self.toc is None:
            return
        at, options = self.toc
        lines: list[Any] = [Para(options["caption"], "centre")]
        paras = [p for p in self.sample.pieces if isinstance(p, Para)]
        before = dict(zip(map(id, paras), accumulate(len(p.words) for p in paras), strict=True))
        # The lost-break run-ins share a paragraph, so places, not positions, say which paragraph an entry stands in.
        places = {id(entry): place for entry, place in self.sample.places}
        for entry in self.truth["sections"]:
            if entry["kind"] != "heading" or entry["level"] not in options["levels"]:
                continue
            gap = "　" if entry["number"].startswith("第") else ""
            page = str(1 + before[id(places[id(entry)])] // PAGE) if options.get("pages") else ""
            line = Para(entry["number"] + gap + entry["title"], "toc", entry["level"], page=page)
            lines.append(line)
            contents_entry = {"number": entry["number"].rstrip("、.．"), "title": entry["title"], "line": 0}
            self.note("toc", contents_entry, line)
        self.sample.pieces[at:at] = [*lines, PageBreak()]


def with_rows(value: dict[str, Any]) -> dict[str, Any]:
    """The table's source with its rows cut into cells at “ | ”; ~ is an empty cell."""
    cut = {key: [["" if w == "~" else w for w in row.split(" | ")] for row in value[key]] for key in ("header", "rows")}
    return {**value, **cut}


def rows_to_table(rows: list[list[Any]], widths: list[int], *, head: int) -> Table:
    """A grid with `^` for a cell that goes on from above and `<` for one that goes on from the left."""
    made: list[list[Cell]] = []
    at: dict[tuple[int, int], Cell] = {}
    for r, row in enumerate(rows):
        if len(row) != len(widths):
            raise ValueError(f"{len(row)} cells for {len(widths)} columns: {row}")
        line: list[Cell] = []
        for c, word in enumerate(row):
            if word == "<":
                cell = at[r, c - 1]
                cell.columns = c - cell.column + 1
            elif word == "^":
                cell = at[r - 1, c]
                if cell.column == c:
                    cell.rows += 1
            else:
                cell = Cell(str(word), c)
                line.append(cell)
            at[r, c] = cell
        made.append(line)
    return Table(made, widths, head)
