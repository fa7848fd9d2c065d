"""Each sample in four formats: the truth written with it, the same tree and facts in all four, and the snapshot."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import planparse

ROOT = Path(__file__).parent.parent / "samples"
SNAPSHOTS = Path(__file__).parent / "snapshots"
NAMES = sorted(path.parent.name for path in ROOT.glob("*/source.yaml"))
FORMATS = ("txt", "docx", "pdf", "html")
CASES = [pytest.param(name, suffix, id=f"{name}.{suffix}") for name in NAMES for suffix in FORMATS]
WIDTH = str.maketrans("（）：；，．％！？［］０１２３４５６７８９〈〉＞＜＝＋", "():;,.%!?[]0123456789<>><=+")
NATURES = {"约束性": "binding", "预期性": "anticipatory", None: None}


def folded(words: object) -> str:
    """Blanks out and width folded, so that two printings of the same words compare equal."""
    return re.sub(r"\s+", "", str(words or "")).translate(WIDTH)


def bare(number: object) -> str:
    return folded(number).rstrip("、.,:")


@cache
def read(name: str, suffix: str) -> dict[str, Any]:
    plan = planparse.parse(ROOT / name / f"{name}.{suffix}")
    made: dict[str, Any] = json.loads(plan.model_dump_json())
    return made


@cache
def truth(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((ROOT / name / "truth.json").read_text(encoding="utf-8"))
    return made


def walk(nodes: list[dict[str, Any]], section: dict[str, Any] | None = None) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every node of the body with the section that it stands in; annexes keep their headings to themselves."""
    for node in nodes:
        yield node, section
        if node["type"] == "section":
            yield from walk(node["content"], node)
        elif node["type"] == "box":
            yield from walk(node["content"], section)


def named(agencies: list[Any]) -> list[str]:
    return sorted(folded(a["name"] if isinstance(a, dict) else a) for a in agencies)


def raw(words: object, unit: object = None) -> str:
    """A printed value; blank for a dash; without the unit that some tables print in the cell."""
    value = folded(words)
    value = "" if re.fullmatch(r"[-—–－/]*", value) else value
    return value.removesuffix(folded(unit)) if unit else value


def sections_read(plan: dict[str, Any]) -> list[Any]:
    found = [(n, s) for n, s in walk(plan["body"]) if n["type"] == "section"]
    place = {id(n): k for k, (n, _) in enumerate(found)}
    return [
        (bare(n["number"]), folded(n["title"]).rstrip("。."), n["level"], None if s is None else place[id(s)], n["run_in"])
        for n, s in found
    ]


def sections_meant(gold: dict[str, Any]) -> list[Any]:
    place = {s["id"]: k for k, s in enumerate(gold["sections"])}
    return [
        (bare(s["number"]), folded(s["title"]), s["level"], place.get(s["parent"]), s["kind"] == "runin")
        for s in gold["sections"]
    ]


def boxes_read(plan: dict[str, Any]) -> list[Any]:
    return [
        (
            folded(n["number"]),
            folded(n["title"]),
            n["kind"] == "indicators",
            "" if s is None else folded(s["title"]),
            [] if n["kind"] == "indicators" else [(bare(i["number"]), folded(i["name"]).rstrip("。:")) for i in n["items"]],
        )
        for n, s in walk(plan["body"])
        if n["type"] == "box"
    ]


def boxes_meant(gold: dict[str, Any]) -> list[Any]:
    titles = {s["id"]: folded(s["title"]) for s in gold["sections"]}
    return [
        (
            folded(b["number"]),
            folded(b["title"]),
            b["kind"] == "indicators",
            titles.get(b["parent"], ""),
            [(bare(i["number"]), folded(i["name"])) for i in b["items"]],
        )
        for b in gold["boxes"]
    ]


def indicators_read(plan: dict[str, Any]) -> list[Any]:
    return [
        (
            bare(i["sequence"]),
            folded(i["name"]),
            folded(i["unit"]),
            i["nature"],
            sorted(value for v in i["values"] if (value := raw(v["raw"], i["unit"]))),
            {str(v["year"]): raw(v["raw"], i["unit"]) for v in i["values"] if v["year"] and raw(v["raw"], i["unit"])},
        )
        for i in plan["indicators"]
    ]


def indicators_meant(gold: dict[str, Any]) -> list[Any]:
    return [
        (
            bare(i["seq"]),
            folded(i["name"]),
            folded(i["unit"]),
            NATURES[i["nature"]],
            sorted(value for v in i["values"].values() if (value := raw(v, i["unit"]))),
            {k: raw(v, i["unit"]) for k, v in i["values"].items() if k.isdigit() and raw(v, i["unit"])},
        )
        for i in gold["indicators"]
    ]


def tags_read(plan: dict[str, Any]) -> list[Any]:
    titles = {n["id"]: folded(n["title"]) for n, _ in walk(plan["body"]) if n["type"] == "section"}
    return [
        (
            titles.get(r["section"]),
            named(r["lead"]),
            named(r["participating"]),
            r["open_ended"],
            folded(r["deadline"]["raw"]) if r["deadline"] else None,
        )
        for r in plan["responsibilities"]
    ]


def tags_meant(gold: dict[str, Any]) -> list[Any]:
    titles = {s["id"]: folded(s["title"]) for s in gold["sections"]}
    return [
        (
            titles.get(t["section"]),
            named(t["lead"]),
            named(t["participating"]),
            t.get("open_ended", False),
            folded(t["deadline"]) if "deadline" in t else None,
        )
        for t in gold["tags"]
    ]


def tasks_read(plan: dict[str, Any]) -> list[Any]:
    return [
        (
            bare(t["sequence"]),
            folded(t["text"]),
            named(t["lead"]),
            named(t["participating"]),
            folded(t["deadline"]["raw"]) if t["deadline"] else None,
        )
        for t in plan["tasks"]
    ]


def tasks_meant(gold: dict[str, Any]) -> list[Any]:
    return [
        (
            bare(t["seq"]),
            folded(t["task"]),
            named(t["lead"]),
            named(t["support"]),
            folded(t["deadline"]) if t.get("deadline") else None,
        )
        for t in gold["tasks"]
    ]


def contents_read(plan: dict[str, Any]) -> list[Any]:
    return [(bare(e["number"]), folded(e["title"])) for e in plan["contents"]]


def contents_meant(gold: dict[str, Any]) -> list[Any]:
    return [(bare(e["number"]), folded(e["title"])) for e in gold["toc"]]


def front_read(plan: dict[str, Any]) -> dict[str, Any]:
    front = plan["front_matter"]
    period = front["period"] or {}
    return {
        "title": folded(front["title"]),
        "notice_title": folded(front["notice_title"]),
        "issuer": folded(front["issuer"]),
        "doc_number": folded((front["document_number"] or {}).get("raw")),
        "date": front["signed_on"],
        "printed_date": front["printed_on"],
        "addressees": sorted(map(folded, front["addressees"])),
        "cc": sorted(map(folded, front["copied_to"])),
        "period": [str(period[k]) for k in ("start", "end") if period.get(k)],
        "region": folded(front["region"]),
        "basis": sorted(map(folded, front["basis"])),
    }


def front_meant(gold: dict[str, Any]) -> dict[str, Any]:
    front = gold["front"]
    words = {key: folded(front[key]) for key in ("title", "notice_title", "issuer", "doc_number", "region")}
    lists = {key: sorted(map(folded, front[key])) for key in ("addressees", "cc", "basis")}
    return {**words, **lists, **{key: front[key] for key in ("date", "printed_date", "period")}}


FACTS = {
    "sections": (sections_read, sections_meant),
    "boxes": (boxes_read, boxes_meant),
    "indicators": (indicators_read, indicators_meant),
    "tags": (tags_read, tags_meant),
    "tasks": (tasks_read, tasks_meant),
    "contents": (contents_read, contents_meant),
}


def test_samples_are_all_there() -> None:
    assert len(NAMES) >= 8
    lacking = [f"{name}.{suffix}" for name in NAMES for suffix in FORMATS if not (ROOT / name / f"{name}.{suffix}").exists()]
    assert lacking == []


def test_samples_are_what_their_sources_say() -> None:
    checked = subprocess.run([sys.executable, ROOT / "make.py", "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_truth(name: str, suffix: str, fact: str) -> None:
    reader, meant = FACTS[fact]
    assert reader(read(name, suffix)) == meant(truth(name))


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_front_matter(name: str, suffix: str) -> None:
    found = front_read(read(name, suffix))
    # A web page's metadata table may date or sign a plan that the text itself does not.
    if suffix != "html":
        assert found == front_meant(truth(name))
    assert found["title"] == folded(truth(name)["front"]["title"])


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_commitments(name: str, suffix: str) -> None:
    """Nine in ten of the promises are found with their figures, and not many more."""
    found = [(folded(c["quantity"]["value"]), folded(c["text"])) for c in read(name, suffix)["commitments"]]
    meant = [(folded(c["value"]), folded(c["text"])) for c in truth(name)["commitments"]]
    missed = [(v, t) for v, t in meant if not any(v == w and (t in u or u in t) for w, u in found)]
    added = [(v, t) for v, t in found if not any(v == w and (t in u or u in t) for w, u in meant)]
    assert len(missed) <= len(meant) // 10, missed
    assert len(added) <= 1 + len(meant) // 10, added


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_nothing_is_lost(name: str, suffix: str) -> None:
    plan = read(name, suffix)
    assert plan["coverage"]["lost"] == 0
    assert [d for d in plan["diagnostics"] if d["code"].startswith("balance.")] == []


@pytest.mark.parametrize("name", [n for n in NAMES if truth(n)["joins"]])
def test_broken_paragraphs_are_joined(name: str) -> None:
    dump = (ROOT / name / f"{name}.txt").read_bytes()
    lines = dump.decode("gb18030" if name == "qixiawan" else "utf-8").split("\n")
    paragraphs = [folded(line) for line in read(name, "txt")["text"].split("\n")]
    seams = [folded(lines[a - 1])[-6:] + folded(lines[b - 1])[:6] for a, b in truth(name)["joins"]]
    assert [seam for seam in seams if not any(seam in p for p in paragraphs)] == []


@pytest.mark.parametrize("name", NAMES)
def test_formats_agree(name: str) -> None:
    """What was printed once and saved four times gives one tree and one set of facts, whatever the truth is."""
    readings = {
        suffix: {
            **{fact: reader(read(name, suffix)) for fact, (reader, _) in FACTS.items()},
            "commitments": [(folded(c["quantity"]["value"]), folded(c["text"])) for c in read(name, suffix)["commitments"]],
            "citations": sorted({folded(c["title"]) for c in read(name, suffix)["citations"]}),
            "functions": [n["function"] for n, _ in walk(read(name, suffix)["body"]) if n["type"] == "section"],
        }
        for suffix in FORMATS
    }
    for suffix in FORMATS[1:]:
        assert readings[suffix] == readings["txt"], suffix


def outline(plan: dict[str, Any]) -> list[str]:
    return [
        f"{'  ' * (n['level'] - 1)}{n['number']} {n['title']}{' (run-in)' if n['run_in'] else ''} [{n['function']}]"
        for n, _ in walk(plan["body"])
        if n["type"] == "section"
    ]


def summary(plan: dict[str, Any]) -> dict[str, Any]:
    """What the program says of a plan, short enough to be read as a difference."""
    front = {k: v for k, v in plan["front_matter"].items() if k not in ("content", "spans") and v not in (None, [])}
    return {
        "front": front,
        "outline": outline(plan),
        "boxes": [f"{b[0] or '-'} {b[1]}: {len(b[4])}" for b in boxes_read(plan)],
        "indicators": [
            f"{i['name']} ({i['unit'] or '-'}): " + ", ".join(f"{v['label']} {v['raw']}" for v in i["values"])
            for i in plan["indicators"]
        ],
        "responsibilities": [" ".join([*named(r["lead"]), "/", *named(r["participating"])]) for r in plan["responsibilities"]],
        "tasks": [f"{t['text']} {' '.join([*named(t['lead']), '/', *named(t['participating'])])}" for t in plan["tasks"]],
        "commitments": [f"{c['quantity']['raw']} {c['year'] or '-'}: {c['text']}" for c in plan["commitments"]],
        "citations": [c["title"] for c in plan["citations"]],
        "projects": [p["name"] for p in plan["projects"]],
        "unclaimed": len(plan["unclaimed"]),
        "diagnostics": sorted(d["code"] for d in plan["diagnostics"]),
    }


@pytest.mark.parametrize("name", NAMES)
def test_snapshot(name: str) -> None:
    path = SNAPSHOTS / f"{name}.json"
    now = json.dumps(summary(read(name, "docx")), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("PLANPARSE_UPDATE"):
        SNAPSHOTS.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
        pytest.fail(f"{path.name} is written anew: read the difference, then run the tests without PLANPARSE_UPDATE")
    assert path.exists(), f"no snapshot of {name}: make update"
    assert now == path.read_text(encoding="utf-8"), f"{name} reads differently: make update, and read the difference"
