"""Tags that say who answers → responsibilities: （牵头部门：A；参与部门：B）, （A牵头，B、C按职责分工负责）, 责任单位：A.

`passage → tags (places of brackets and lines) → duties (roles and names)`; a passage is a paragraph, a heading or a line
of a cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from planparse.document import BLANKS, CELL_BREAK, Document
from planparse.facts.agencies import AgencyList, split_agencies
from planparse.facts.agency_names import CLOSERS, OPENERS
from planparse.facts.deadlines import parse_deadline
from planparse.grammar import Grammar, Match
from planparse.models import Agency, Deadline, Paragraph, Period, Responsibility, Section, Table
from planparse.models.facts import AgencyLevel, LeadBasis
from planparse.structure.spans import span_of
from planparse.structure.walk import Tree, Visit, walk

TAG_OPENERS = "（([【〔{｛"
ENDS = "。！？!?；;"
LONGEST_TAG = 2000
LONGEST_NAME = 45

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Duty:
    """What a tag says: the bodies by role, how lead was told from participating, the rule that took it."""

    lead: tuple[Agency, ...]
    participating: tuple[Agency, ...]
    basis: LeadBasis
    rule: str
    open_ended: bool = False
    deadline: Deadline | None = None
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int
    end: int
    duty: Duty
    alone: bool
    place: str | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class _Site:
    """What reading a tag needs."""

    document: Document
    grammar: Grammar
    level: AgencyLevel | None
    region: str | None
    period: Period | None
    first_leads: bool = False
    text: str = field(default="", repr=False)

    def split(self, start: int, end: int, role: str | None) -> AgencyList:
        return split_agencies(
            self.text[start:end],
            start,
            lambda a, b: span_of(self.document, a, b),
            self.grammar,
            role=role,
            region_level=self.level,
            region=self.region,
        )


def collect_responsibilities(
    tree: Tree,
    document: Document,
    grammar: Grammar,
    *,
    region_level: AgencyLevel | None = None,
    region: str | None = None,
    period: Period | None = None,
) -> list[Responsibility]:
    """Every tag in the body, in document order; `section` is the section that the tag's paragraph stands in.

    Guarantees:
    1. `raw` is `document.text[span.start:span.end]`, brackets included; tags do not overlap.
    2. Roles that the page prints have basis `stated`; only 责任单位, or all 负责 jointly: every name in `lead`, basis
       `joint` (one name: `sole`), unless the document says that the first body named has the lead (`rule`).
    3. A bracket in running text is a tag only where every name in it has an agency's make.
    """
    first = next(grammar.find("responsibilities", document.text, gives="first_leads"), None) is not None
    site = _Site(document, grammar, region_level, region, period, first, document.text)
    tags: list[_Tag] = []
    for visit in walk(tree.body):
        for start, end, place in visit_to_passages(visit, document):
            for tag in passage_to_tags(start, end, site, named=place is not None):
                made = replace(tag, place=place, duplicate_of=getattr(visit.node, "duplicate_of", None))
                before = tags[-1] if tags else None
                joined = _join(before, made, document.text) if before else None
                if joined:
                    tags[-1] = joined
                elif made.duty.lead or made.duty.participating:
                    tags.append(made)
    return [
        Responsibility(
            id=f"resp-{number}",
            section=tag.place,
            rule=tag.duty.rule,
            span=span_of(document, tag.start, tag.end),
            duplicate_of=tag.duplicate_of,
            lead=list(tag.duty.lead),
            participating=list(tag.duty.participating),
            open_ended=tag.duty.open_ended,
            basis=tag.duty.basis,
            deadline=tag.duty.deadline,
            raw=document.text[tag.start : tag.end],
        )
        for number, tag in enumerate(tags, 1)
    ]


def visit_to_passages(visit: Visit, document: Document) -> Iterator[tuple[int, int, str | None]]:
    """The stretches of text in which tags may stand: paragraphs, headings on a line of their own, lines of cells."""
    node = visit.node
    if isinstance(node, Paragraph):
        yield node.span.start, node.span.end, visit.place
    elif isinstance(node, Section) and not node.run_in:
        yield node.span.start, node.span.end, node.id
    elif isinstance(node, Table):
        for cell in (cell for row in node.rows for cell in row):
            at = cell.span.start
            for line in document.text[cell.span.start : cell.span.end].replace(CELL_BREAK, "\n").split("\n"):
                yield at, at + len(line), visit.place
                at += len(line) + 1


def passage_to_tags(start: int, end: int, site: _Site, *, named: bool = True) -> list[_Tag]:
    """The tags of one passage: brackets first, then role words with a colon outside brackets."""
    text = site.text[start:end]
    tags: list[_Tag] = []
    brackets = top_brackets(text)
    for a, b in brackets:
        inner = (start + a + 1, start + b - (1 if text[b - 1] in CLOSERS and b - a > 1 else 0))
        if b - a > LONGEST_TAG:
            continue
        before, after = text[:a].rstrip(BLANKS)[-1:], text[b:].lstrip(BLANKS + "。；;.、")
        alone = not before and not after
        closing = not after or text[b : b + 1] in ENDS or before in ENDS
        duty = place_to_duty(*inner, site)
        if duty and not duty.labelled and not (closing and (_all_bodies(duty))):
            duty = None
        if not duty and named and (alone or (not after and before and before in ENDS)):
            duty = place_to_bare(*inner, site)
        if duty:
            tags.append(_Tag(start + a, start + b, duty, alone))
    if not tags:
        tags = [tag for tag in (_line_to_tag(start, text, brackets, site),) if tag]
    return tags


def top_brackets(text: str) -> list[Place]:
    """The outermost brackets that a tag may stand in, kinds mixed; one that is never closed runs to the end if last."""
    found: list[Place] = []
    stack: list[int] = []
    for i, char in enumerate(text):
        if char in OPENERS:
            stack.append(i)
        elif char in CLOSERS and stack:
            opened = stack.pop()
            if not stack and text[opened] in TAG_OPENERS:
                found.append((opened, i + 1))
    if stack:
        opened = stack[0]
        inner = [(opened + 1 + a, opened + 1 + b) for a, b in top_brackets(text[opened + 1 :])] if len(stack) <= 3 else []
        found += [(opened, len(text))] if text[opened] in TAG_OPENERS and len(stack) <= 3 else inner
    return found


def place_to_duty(start: int, end: int, site: _Site) -> Duty | None:
    """What stands at a place, read as labels with lists or as a phrase with 牵头 / 负责; None where it is neither."""
    text = site.text[start:end]
    labels = list(site.grammar.find("responsibilities", text, gives="label"))
    if labels:
        return _labels_to_duty(start, end, labels, site)
    due = next(site.grammar.find("responsibilities", text, gives="due"), None)
    deadline = None
    if due:
        a, b = due.spans["deadline"]
        deadline = parse_deadline(text[a:b], span_of(site.document, start + a, start + b), site.period, grammar=site.grammar)
        text = text[: due.start]
    stripped = text.strip(BLANKS + "。；;")
    lead_in = len(text) - len(text.lstrip(BLANKS + "。；;"))
    found = site.grammar.match("responsibilities", stripped, gives="duty")
    return _phrase_to_duty(start + lead_in, found, deadline, site) if found else None


def place_to_bare(start: int, end: int, site: _Site) -> Duty | None:
    """A place that holds bodies' names and nothing else, one of them in the vocabulary."""
    found = site.grammar.match("responsibilities", site.text[start:end], gives="bare")
    if not found:
        return None
    names = site.split(start, end, None)
    if not names.plausible or not any(agency.canonical and (agency.level or len(names.agencies) > 1) for agency in names.agencies):
        return None
    return _joint(names, found.rule, site)


def _labels_to_duty(start: int, end: int, labels: Sequence[Match], site: _Site) -> Duty | None:
    text = site.text[start:end]
    by_role: dict[str, list[AgencyList]] = {"lead": [], "participating": [], "responsible": []}
    deadline = None
    if text[: labels[0].start].strip(BLANKS + "，,；;"):
        by_role["lead"].append(site.split(start, start + labels[0].start, None))
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        a, b = start + label.end, start + (after.start if after else len(text))
        word = label.fields["word"]
        role = site.grammar.canonical("responsibility_roles", word) or "responsible"
        if role in by_role:
            by_role[role].append(site.split(a, b, word))
        elif role == "deadline":
            raw = site.text[a:b].strip(BLANKS + "。；;，,）)")
            at = site.text.index(raw, a) if raw else a
            deadline = parse_deadline(raw, span_of(site.document, at, at + len(raw)), site.period, grammar=site.grammar)
    lists = [names for role in by_role.values() for names in role if names.agencies]
    agencies = [agency for names in lists for agency in names.agencies]
    if any(len(agency.name) > LONGEST_NAME for agency in agencies) or 2 * sum(a.kind is not None for a in agencies) < len(agencies):
        return None
    if not agencies and deadline is None:
        return None
    rule = labels[0].rule
    open_ended = any(names.open_ended for names in lists)
    duty = _by_role(by_role, rule, site)
    return replace(duty, open_ended=open_ended, deadline=deadline, labelled=True)


def _by_role(by_role: dict[str, list[AgencyList]], rule: str, site: _Site) -> Duty:
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


def _phrase_to_duty(start: int, found: Match, deadline: Deadline | None, site: _Site) -> Duty | None:
    a, b = found.spans["lead"]
    first = site.split(start + a, start + b, found.get("lead_word") or found.get("word") or "负责")
    if "others" in found.spans:
        a, b = found.spans["others"]
        others = site.split(start + a, start + b, found.get("word") or "负责")
        open_ended = first.open_ended or others.open_ended or _goes_on(found, start, site)
        return Duty(first.agencies, others.agencies, "stated", found.rule, open_ended, deadline)
    if found.get("lead_word"):
        return Duty(first.agencies, (), "stated", found.rule, first.open_ended, deadline)
    duty = _joint(replace(first, open_ended=first.open_ended or _goes_on(found, start, site)), found.rule, site)
    return replace(duty, deadline=deadline)


def _goes_on(found: Match, start: int, site: _Site) -> bool:
    """True where 等 stands right behind the last list: the phrase takes it, the list never sees it."""
    end = found.spans["others" if "others" in found.spans else "lead"][1]
    return site.text.startswith("等", start + end)


def _joint(names: AgencyList, rule: str, site: _Site) -> Duty:
    """One list without roles: who carries （牵头） leads, else the first where the document says so, else all do."""
    marked: list[Agency] = []
    plain: list[Agency] = []
    for agency in names.agencies:
        mark = next(site.grammar.find("responsibilities", agency.name, gives="marked_lead"), None)
        if mark and 0 < mark.start and mark.end == len(agency.name):
            cut = agency.name[: mark.start]
            end = site.text.rindex(agency.name[mark.start], agency.span.start, agency.span.end)
            marked.append(agency.model_copy(update={"name": cut, "span": span_of(site.document, agency.span.start, end)}))
        else:
            plain.append(agency)
    if marked:
        return Duty(tuple(marked), tuple(plain), "stated", rule, names.open_ended)
    if site.first_leads and len(plain) > 1:
        return Duty((plain[0],), tuple(plain[1:]), "rule", rule, names.open_ended)
    basis: LeadBasis = "sole" if len(plain) == 1 and not names.open_ended and plain[0].kind != "group" else "joint"
    return Duty(tuple(plain), (), basis, rule, names.open_ended)


def _line_to_tag(start: int, text: str, brackets: Sequence[Place], site: _Site) -> _Tag | None:
    """A role word with a colon outside brackets, at the head of the passage or behind a sentence's end."""
    if not any(mark in text for mark in "：:】］〕"):
        return None
    for label in site.grammar.find("responsibilities", text, gives="label"):
        before = text[: label.start].rstrip(BLANKS)
        inside = any(a < label.start < b for a, b in brackets)
        if inside or (before and before[-1] not in ENDS):
            continue
        end = len(text.rstrip(BLANKS))
        if end - label.start > LONGEST_TAG:
            return None
        duty = place_to_duty(start + label.start, start + end, site)
        if duty and all(a.kind for a in (*duty.lead, *duty.participating)):
            closed = end - 1 if text[end - 1] in ENDS else end
            return _Tag(start + label.start, start + closed, duty, not before)
        return None
    return None


def _join(before: _Tag, tag: _Tag, text: str) -> _Tag | None:
    """牵头单位：… on one line and 配合单位：… or 完成时限：… on the next are one tag."""
    here, there = before.duty, tag.duty
    near = before.place == tag.place and not text[before.end : tag.start].strip(BLANKS + "。；;")
    if not (near and before.alone and tag.alone and here.labelled and there.labelled):
        return None
    if there.lead or (there.participating and here.participating):
        return None
    duty = replace(
        here,
        participating=here.participating or there.participating,
        basis="stated" if there.participating else here.basis,
        open_ended=here.open_ended or there.open_ended,
        deadline=here.deadline or there.deadline,
    )
    return replace(before, end=tag.end, duty=duty)


def _all_bodies(duty: Duty) -> bool:
    agencies = (*duty.lead, *duty.participating)
    return bool(duty.lead) and all(agency.kind for agency in agencies) and any(a.canonical or a.level or a.kind == "lower_government" for a in agencies)


def _flat(lists: Sequence[AgencyList]) -> tuple[Agency, ...]:
    return tuple(agency for names in lists for agency in names.agencies)
