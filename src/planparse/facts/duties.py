"""The words of a tag → duties: who leads, who takes part, and how that was told.

Two makes: role words with a colon and a list each, or a phrase that ends in 负责, 牵头, 配合; a third, names alone, only
where the vocabulary has one of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from planparse.document import BLANKS, Document
from planparse.facts.agencies import AgencyList, split_agencies, squeeze_name
from planparse.facts.agency_names import CLOSERS
from planparse.facts.deadlines import parse_deadline
from planparse.grammar import Grammar, Match
from planparse.models import Agency, Deadline, Period, Person
from planparse.models.facts import AgencyLevel, LeadBasis
from planparse.structure.spans import span_of

LONGEST_NAME = 45
NOTE_SIGNS = ("牵头", "列", "下同", "以下", "以上")
MARKS = frozenset("*＊★▲☆△●※")
PERSON = re.compile(
    r"[^\s　、，,；;。：:（）()\[\]【】〔〕][^、，,；;。：:（）()\n\[\]【】〔〕]{0,18}[^\s　、，,；;。：:（）()\[\]【】〔〕]"
)
DIGITS = re.compile(r"\d{3}")


class Duty(NamedTuple):
    """What a tag says: the bodies by role, how lead was told from participating, the rule that took it."""

    lead: tuple[Agency, ...]
    participating: tuple[Agency, ...]
    basis: LeadBasis
    rule: str
    open_ended: bool = False
    deadline: Deadline | None = None
    labelled: bool = False
    persons: tuple[Person, ...] = ()


class LeadRules:
    """What a document says once for all its tags, looked for when a tag first asks."""

    def __init__(self, text: str, grammar: Grammar) -> None:
        self._text, self._grammar = text, grammar

    @cached_property
    def first(self) -> bool:
        """Whether the body named first has the lead."""
        return self._says("first_leads")

    @cached_property
    def marks(self) -> bool:
        """Whether a mark at its name tells the body that has the lead."""
        return self._says("marks_lead")

    def _says(self, rule: str) -> bool:
        return "牵头" in self._text and self._grammar.has("responsibilities", self._text, gives=rule)


@dataclass(frozen=True, slots=True)
class DutySite:
    """What reading a tag needs."""

    document: Document
    grammar: Grammar
    level: AgencyLevel | None
    region: str | None
    period: Period | None
    text: str = field(default="", repr=False)
    says: LeadRules | None = None

    @property
    def first_leads(self) -> bool:
        """Whether the document says that the body named first has the lead."""
        return self.says is not None and self.says.first

    @property
    def marks_lead(self) -> bool:
        """Whether the document says that a mark means the lead."""
        return self.says is not None and self.says.marks

    def split(self, start: int, end: int, role: str | None) -> AgencyList:
        """The bodies that `text[start:end]` names."""
        return split_agencies(
            self.text[start:end],
            start,
            lambda a, b: span_of(self.document, a, b),
            self.grammar,
            role=role,
            region_level=self.level,
            region=self.region,
        )


def document_to_site(
    document: Document, grammar: Grammar, *, level: AgencyLevel | None, region: str | None, period: Period | None
) -> DutySite:
    """The site of a document, with what it says once for all its tags: that the first body leads, or one with a mark."""
    return DutySite(document, grammar, level, region, period, document.text, LeadRules(document.text, grammar))


def place_to_duty(start: int, end: int, site: DutySite) -> Duty | None:
    """What stands at a place, read as labels with lists or as a phrase with 牵头 / 负责; None where it is neither."""
    site = _without_notes(start, end, site)
    text = site.text[start:end]
    labels = list(site.grammar.find("responsibilities", text, gives="label"))
    if labels:
        return _labels_to_duty(start, end, labels, site)
    due = site.grammar.first("responsibilities", text, gives="due")
    deadline = None
    if due:
        deadline = _due(due, start, site)
        text = text[: due.start]
    stripped = text.strip(BLANKS + "。；;")
    lead_in = len(text) - len(text.lstrip(BLANKS + "。；;"))
    found = site.grammar.match("responsibilities", stripped, gives="duty")
    return _phrase_to_duty(start + lead_in, found, deadline, site) if found else None


def _due(found: Match, start: int, site: DutySite) -> Deadline:
    a, b = (start + at for at in found.spans["deadline"])
    return parse_deadline(site.text[a:b], span_of(site.document, a, b), site.period, grammar=site.grammar)


def _without_notes(start: int, end: int, site: DutySite) -> DutySite:
    """The site with separators for what names nobody in the passage (列第一位的为牵头单位，下同): places stay the same."""
    words = site.text[start:end]
    if not any(sign in words for sign in NOTE_SIGNS):
        return site
    notes = list(site.grammar.find("responsibilities", words, gives="note"))
    if not notes:
        return site
    text = site.text
    for note in notes:
        text = text[: start + note.start] + "、" * (note.end - note.start) + text[start + note.end :]
    return replace(site, text=text)


def place_to_bare(start: int, end: int, site: DutySite) -> Duty | None:
    """A place that holds bodies' names and nothing else, one of them in the vocabulary."""
    found = site.grammar.match("responsibilities", site.text[start:end], gives="bare")
    if not found:
        return None
    names = site.split(start, end, None)
    if not names.plausible or not any(
        agency.canonical and (agency.level or len(names.agencies) > 1) for agency in names.agencies
    ):
        return None
    return _joint(names, found.rule, site)


def _labels_to_duty(start: int, end: int, labels: Sequence[Match], site: DutySite) -> Duty | None:
    text = site.text[start:end]
    if len(labels) == 1:
        # 责任单位：A牵头，B配合
        said = text[labels[0].end :].strip(BLANKS + "。；;")
        at = start + text.index(said, labels[0].end) if said else start
        phrase = site.grammar.match("responsibilities", said, gives="duty") if "牵头" in said or "配合" in said else None
        duty = _phrase_to_duty(at, phrase, None, site) if phrase else None
        if duty and duty.lead and all(agency.kind for agency in (*duty.lead, *duty.participating)):
            return duty._replace(labelled=True)
    by_role: dict[str, list[AgencyList]] = {"lead": [], "participating": [], "responsible": []}
    deadline = None
    persons: list[Person] = []
    if text[: labels[0].start].strip(BLANKS + "，,；;"):
        by_role["lead"].append(site.split(start, start + labels[0].start, None))
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        a, b = start + label.end, start + (after.start if after else len(text))
        word = label.fields["word"]
        role = site.grammar.canonical("responsibility_roles", word) or "responsible"
        if role in by_role:
            due = site.grammar.first("responsibilities", site.text[a:b].rstrip(BLANKS + CLOSERS + "。；;"), gives="due")
            if due:
                # 责任单位：A、B，2025年底前完成
                deadline, b = deadline or _due(due, a, site), a + due.start
            rider = site.grammar.first("responsibilities", site.text[a:b].rstrip(BLANKS + CLOSERS), gives="rider")
            by_role[role].append(site.split(a, a + rider.start if rider else b, word))
        elif role == "person":
            persons += _persons(a, b, word, site)
        elif role == "deadline":
            raw = site.text[a:b].strip(BLANKS + "。；;，,）)")
            at = site.text.index(raw, a) if raw else a
            deadline = parse_deadline(raw, span_of(site.document, at, at + len(raw)), site.period, grammar=site.grammar)
    lists = [names for role in by_role.values() for names in role if names.agencies]
    agencies = [agency for names in lists for agency in names.agencies]
    if any(len(agency.name) > LONGEST_NAME for agency in agencies) or 2 * sum(a.kind is not None for a in agencies) < len(
        agencies
    ):
        return None
    if not agencies and deadline is None and not persons:
        return None
    rule = labels[0].rule
    open_ended = any(names.open_ended for names in lists)
    duty = _by_role(by_role, rule, site)
    return duty._replace(open_ended=open_ended, deadline=deadline, labelled=True, persons=tuple(persons))


def _persons(start: int, end: int, role: str, site: DutySite) -> list[Person]:
    """The people that a list behind 牵头领导：, 责任人： names; telephone numbers are none."""
    return [
        Person(name=squeeze_name(m.group()), role=role, span=span_of(site.document, start + m.start(), start + m.end()))
        for m in PERSON.finditer(site.text[start:end])
        if not DIGITS.search(m.group())
    ]


def _by_role(by_role: dict[str, list[AgencyList]], rule: str, site: DutySite) -> Duty:
    """Roles as printed; 责任单位 leads where nobody else does and takes part where there is a lead."""
    lead, participating, responsible = (_flat(by_role[role]) for role in ("lead", "participating", "responsible"))
    if not responsible:
        return Duty(lead, participating, "stated", rule)
    if lead:
        return Duty(lead, (*responsible, *participating), "stated", rule)
    whole = AgencyList(responsible, any(names.open_ended for names in by_role["responsible"]))
    duty = _joint(whole, rule, site)
    if participating:
        return Duty(duty.lead, (*duty.participating, *participating), "stated", rule)
    return duty


def _phrase_to_duty(start: int, found: Match, deadline: Deadline | None, site: DutySite) -> Duty | None:
    a, b = found.spans["lead"]
    first = site.split(start + a, start + b, found.get("lead_word") or found.get("word") or "负责")
    if "others" in found.spans:
        a, b = found.spans["others"]
        others = site.split(start + a, start + b, found.get("word") or "负责")
        open_ended = first.open_ended or others.open_ended or _goes_on(found, start, site)
        more: tuple[Agency, ...] = ()
        if "rest" in found.spans:
            a, b = found.spans["rest"]
            rest = site.split(start + a, start + b, found.get("rest_word") or "负责")
            more, open_ended = rest.agencies, open_ended or rest.open_ended
        return Duty(first.agencies, (*others.agencies, *more), "stated", found.rule, open_ended, deadline)
    if found.get("lead_word"):
        return Duty(first.agencies, (), "stated", found.rule, first.open_ended, deadline)
    # 共同负责 says itself that none of them is first.
    together = "共同" in site.text[start + found.spans["lead"][1] : start + found.end]
    names = first._replace(open_ended=first.open_ended or _goes_on(found, start, site))
    duty = _joint(names, found.rule, site, together=together)
    return duty._replace(deadline=deadline)


def _goes_on(found: Match, start: int, site: DutySite) -> bool:
    """True where 等 stands right behind the last list: the phrase takes it, the list never sees it."""
    end = found.spans["others" if "others" in found.spans else "lead"][1]
    return site.text.startswith("等", start + end)


def list_to_duty(names: AgencyList, agencies: tuple[Agency, ...], site: DutySite) -> Duty:
    """A cell's list without roles; `agencies` are those of `names` that count."""
    return _joint(names._replace(agencies=agencies), "", site)


def _joint(names: AgencyList, rule: str, site: DutySite, *, together: bool = False) -> Duty:
    """One list without roles: who carries （牵头） leads, else the first where the document says so, else all do.

    Where the words say `together`, none of them is first.
    """
    marked: list[Agency] = []
    plain: list[Agency] = []
    for agency in names.agencies:
        mark = site.grammar.first("responsibilities", agency.name, gives="marked_lead")
        if mark and mark.start > 0 and mark.end == len(agency.name):
            cut = agency.name[: mark.start]
            end = site.text.rindex(agency.name[mark.start], agency.span.start, agency.span.end)
            marked.append(agency.model_copy(update={"name": cut, "span": span_of(site.document, agency.span.start, end)}))
        else:
            plain.append(agency)
    if marked:
        return Duty(tuple(marked), tuple(plain), "stated", rule, names.open_ended)
    starred = [agency for agency in plain if _is_starred(agency, site)]
    if starred and len(starred) < len(plain):
        others = tuple(agency for agency in plain if agency not in starred)
        return Duty(tuple(starred), others, "rule" if site.marks_lead else "stated", rule, names.open_ended)
    if len(plain) > 1 and not together and site.first_leads:
        return Duty((plain[0],), tuple(plain[1:]), "rule", rule, names.open_ended)
    basis: LeadBasis = "sole" if len(plain) == 1 and not names.open_ended and plain[0].kind != "group" else "joint"
    return Duty(tuple(plain), (), basis, rule, names.open_ended)


def _is_starred(agency: Agency, site: DutySite) -> bool:
    """True where a mark stands at the name: 市水务局*, ★市水务局."""
    before = site.text[max(0, agency.span.start - 2) : agency.span.start].rstrip(" 　")[-1:]
    after = site.text[agency.span.end : agency.span.end + 2].lstrip(" 　")[:1]
    return before in MARKS or after in MARKS


def _flat(lists: Sequence[AgencyList]) -> tuple[Agency, ...]:
    return tuple(agency for names in lists for agency in names.agencies)
