"""The report of `planparse check` for a person, a program, GitHub, and what reads JUnit XML or SARIF 2.1.0."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

from planparse.checks.codes import CODES
from planparse.errors import UnreadableOutput, WrongUsage
from planparse.models.policy import CHECK_CODES, CheckedPlan, CheckReport, Finding
from planparse.output.language import ENGLISH, Words, message_of

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
SUFFIXES: Mapping[str, str] = {".json": "json", ".sarif": "sarif", ".xml": "junit", ".txt": "text"}
"""What `--save FILE` writes, by the file's suffix."""
MOST = 3
"""Findings that a plan's line in the text report names."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMMANDS = {"error": "error", "warning": "warning"}


def report_to(report: CheckReport, kind: str, *, words: Words = ENGLISH) -> str:
    """The report as text of one kind: text, json, github, junit or sarif; the same report gives the same bytes.

    `words` gives the language of what a person reads, text and annotations; what programs read is always English.
    """
    if kind == "text":
        return report_to_text(report, words)
    return report_to_github(report, words) if kind == "github" else KINDS[kind](report)


def save_report(report: CheckReport, path: Path) -> None:
    """Write the report into a file, of the kind that its suffix says; UnreadableOutput where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report_to(report, path_to_kind(path)), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UnreadableOutput(f"{path}: cannot be written ({error.strerror})") from None


def path_to_kind(path: Path) -> str:
    """The kind of report that a file's suffix says. Raises WrongUsage."""
    if path.suffix not in SUFFIXES:
        raise WrongUsage(f"--save {path}: a report's file ends in {', '.join(SUFFIXES)}")
    return SUFFIXES[path.suffix]


def report_to_text(report: CheckReport, words: Words = ENGLISH) -> str:
    """One line a plan that says what broke, then what belongs to no file, the rules that gained or lost, and the sum."""
    lines = [_plan_to_line(plan, words) for plan in report.plans]
    heads = {True: words.pgettext("report", "FAIL"), False: words.pgettext("report", "note")}
    lines += [f"{heads[f.fails]}  {message_of(f, words)} [{f.code}]" for f in report.findings]
    rule = words.gettext("rule  {rule} ({kind}): +{gained} -{lost} changed {changed}")
    lines += [
        rule.format(rule=r.rule, kind=words.pgettext("value", r.kind), gained=r.gained, lost=r.lost, changed=r.changed)
        for r in report.rules
    ]
    states = Counter(plan.state for plan in report.plans)
    colon, comma, semicolon = (words.pgettext("between", mark) for mark in (": ", ", ", "; "))
    told = comma.join(f"{states[s]} {words.pgettext('report', s)}" for s in ("ok", "failed", "unreadable") if states[s])
    passed = words.pgettext("report", "passed" if report.ok else "not passed")
    count = len(report.plans)
    plans = words.gettext("1 plan") if count == 1 else words.gettext("{count} plans").format(count=count)
    lines.append(f"{plans}{colon}{told or words.pgettext('report', 'none')}{semicolon}{passed}")
    return "\n".join(lines) + "\n"


def report_to_json(report: CheckReport) -> str:
    """The whole report, as its schema has it (schemas/check-report.schema.json)."""
    return json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def report_to_github(report: CheckReport, words: Words = ENGLISH) -> str:
    """Workflow commands, which GitHub shows beside the files: failures as errors, warnings as warnings, no notes.

    Failures come first, since GitHub shows ten of each kind a step. The last line is the text report's sum.
    """
    told = [(file, finding) for file, finding in _all_findings(report) if finding.level in _COMMANDS]
    told.sort(key=lambda pair: pair[1].level != "error")
    lines = [_finding_to_command(file, finding, words) for file, finding in told]
    return "\n".join([*lines, report_to_text(report, words).splitlines()[-1]]) + "\n"


def report_to_junit(report: CheckReport) -> str:
    """JUnit XML: a test case a file; findings that fail it are one failure, a file that cannot be read is an error."""
    cases = [*map(_plan_to_case, report.plans)]
    loose = [f for f in report.findings if f.fails]
    if report.findings:
        case = Xml.Element("testcase", classname="planparse.check", name="all plans", time="0")
        _add_failure(case, loose)
        cases.append(case)
    numbers = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
    }
    suites = Xml.Element("testsuites", {"name": "planparse check", **numbers, "time": "0"})
    suite = Xml.SubElement(suites, "testsuite", {"name": "planparse check", **numbers, "skipped": "0", "time": "0"})
    suite.extend(cases)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"


def report_to_sarif(report: CheckReport) -> str:
    """SARIF 2.1.0 (OASIS): every finding is a result with its file, and its line where the source is text.

    Page and offsets into the plan's text are properties, since SARIF's regions are places in the file itself.
    """
    told = list(_all_findings(report))
    codes = sorted({finding.code for _, finding in told})
    driver = {"name": "planparse", "version": report.planparse, "semanticVersion": report.planparse}
    run = {
        "tool": {"driver": {**driver, "rules": [{"id": c, "shortDescription": {"text": _about(c)}} for c in codes]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_finding_to_result(file, finding, codes.index(finding.code)) for file, finding in told],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


KINDS: Mapping[str, Callable[[CheckReport], str]] = {
    "text": report_to_text, "json": report_to_json, "github": report_to_github, "junit": report_to_junit,
    "sarif": report_to_sarif,
}  # fmt: skip


def _all_findings(report: CheckReport) -> Iterator[tuple[str | None, Finding]]:
    for plan in report.plans:
        yield from ((plan.file, finding) for finding in plan.findings)
    yield from ((None, finding) for finding in report.findings)


def _plan_to_line(plan: CheckedPlan, words: Words) -> str:
    broke = [f for f in plan.findings if f.fails]
    sides = (("+", plan.gained), ("-", plan.lost), (words.pgettext("report", "changed "), plan.changed))
    colon, comma, semicolon = (words.pgettext("between", mark) for mark in (": ", ", ", "; "))
    moved = comma.join(f"{sign}{n} {words.pgettext('value', kind)}" for sign, counts in sides for kind, n in counts.items())
    tail = words.gettext(" ({what})").format(what=moved) if moved else ""
    if not broke:
        return f"{words.pgettext('report', 'ok  ')}  {plan.file}{tail}"
    told = semicolon.join(f"{_one_line(message_of(f, words))}{_place(f, words)} [{f.code}]" for f in broke[:MOST])
    rest = words.pgettext("lines", "and {count} more").format(count=len(broke) - MOST)
    more = f"{semicolon}{rest}" if len(broke) > MOST else ""
    return f"{words.pgettext('report', 'FAIL')}  {plan.file}{tail}{colon}{told}{more}"


def _place(finding: Finding, words: Words = ENGLISH) -> str:
    if finding.line is not None:
        return words.gettext(" at line {line}").format(line=finding.line)
    return words.gettext(" on page {page}").format(page=finding.page) if finding.page is not None else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _finding_to_command(file: str | None, finding: Finding, words: Words) -> str:
    line = _line_in(file, finding)
    properties = {"file": file, "line": line, "title": finding.code}
    told = ",".join(f"{name}={_escape(str(value), ':,')}" for name, value in properties.items() if value is not None)
    place = "" if line is not None else _place(finding, words)
    return f"::{_COMMANDS[finding.level]} {told}::{_escape(message_of(finding, words) + place)}"


def _line_in(file: str | None, finding: Finding) -> int | None:
    """The line of the file itself: where a plan's JSON was checked, a finding's line is one of the source, not of it."""
    return None if file is None or file.lower().endswith(".json") else finding.line


def _escape(text: str, more: str = "") -> str:
    """As GitHub's toolkit does it (actions/toolkit, command.ts): % and line ends, in properties : and , too."""
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


def _plan_to_case(plan: CheckedPlan) -> Xml.Element:
    name = _xml(plan.file)
    case = Xml.Element("testcase", classname="planparse.check", name=name, file=name, time="0")
    broke = [f for f in plan.findings if f.fails]
    if plan.state == "unreadable":
        Xml.SubElement(case, "error", type=broke[0].code, message=_xml(broke[0].message)).text = _xml(broke[0].message)
    else:
        _add_failure(case, broke)
    return case


def _add_failure(case: Xml.Element, broke: Sequence[Finding]) -> None:
    if broke:
        first = f"{len(broke)} findings, the first: {_one_line(broke[0].message)}" if broke[1:] else _one_line(broke[0].message)
        failure = Xml.SubElement(case, "failure", type=broke[0].code, message=_xml(first))
        failure.text = "\n".join(_xml(f"{_one_line(f.message)}{_place(f)} [{f.code}]") for f in broke)


def _xml(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return _NOT_XML.sub("\ufffd", text)


def _about(code: str) -> str:
    return CODES[code].about if code in CODES else CHECK_CODES.get(code, code)


def _finding_to_result(file: str | None, finding: Finding, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code, "ruleIndex": rule, "level": finding.level, "message": {"text": finding.message},
    }  # fmt: skip
    if file is not None:
        place: dict[str, Any] = {"artifactLocation": {"uri": ("file://" if file.startswith("/") else "") + quote(file)}}
        if (line := _line_in(file, finding)) is not None:
            place["region"] = {"startLine": line}
        result["locations"] = [{"physicalLocation": place}]
    # The line is left out: a finding stays the same one when the text above it grows.
    print_of = "\n".join((finding.code, file or "", finding.message))
    result["partialFingerprints"] = {"planparse/v1": hashlib.sha256(print_of.encode()).hexdigest()[:32]}
    span = finding.span
    properties = {"fails": finding.fails, "page": finding.page, "start": span and span.start, "end": span and span.end}
    result["properties"] = {name: value for name, value in properties.items() if value is not None}
    return result
