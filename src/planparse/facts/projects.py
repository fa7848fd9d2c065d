"""Named projects and programmes → projects: entries of boxes, rows of project tables, lists under 重点工程.

`places (box entries, table rows, list items) → drafts (name, place) → projects`; what a description says of stage, cost,
deadline and bodies is read from the place of the whole entry.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from planparse.document import BLANKS, Document
from planparse.facts.deadlines import parse_deadline
from planparse.facts.duties import DutySite
from planparse.facts.project_tables import Named, money, table_to_named
from planparse.facts.quantities import figure_to_quantity, find_quantities
from planparse.facts.responsibilities import passage_to_tags
from planparse.grammar import Grammar
from planparse.models import Agency, Box, BoxItem, Deadline, Paragraph, Period, Project, Quantity, Section, Table
from planparse.models.facts import AgencyLevel
from planparse.structure.spans import span_of
from planparse.structure.tables import table_kind
from planparse.structure.walk import Tree, Visit

FILE = "projects"
OPENS = regex.compile(r"(?P<name>[^，,。：:；;]{4,40}(?:工程|项目|行动|计划|专项)[”）)]?)[。：:](?=.{6})")
"""A paragraph that opens with a name and says what it is: 农村环保惠民工程。包括…"""
PROGRAMMES = ("工程", "项目", "行动", "计划", "专项", "试点")
ETC = regex.compile(r"等(?:\p{Han}{0,8})?(?:重[点大])?(?:工程|项目|枢纽|通道|园区|线路|道路)?(?:建设)?$")


@dataclass(frozen=True, slots=True)
class _Site:
    document: Document
    grammar: Grammar
    duty: DutySite
    period: Period | None


def collect_projects(
    tree: Tree,
    document: Document,
    grammar: Grammar,
    *,
    region_level: AgencyLevel | None = None,
    region: str | None = None,
    period: Period | None = None,
) -> list[Project]:
    """Every project of the body and its annexes, in document order, ids from project-1.

    1. Taken are the entries of boxes of projects, rows of project tables, named entries (…工程, …项目) of other boxes, and
       the items under a heading like 重点工程; where an entry only lists (续建甲、乙；新建丙) each name is one.
    2. `category` is the group heading, or the entry that lists; `stage` a canonical word of the vocabulary.
    3. `investment` has the unit 元, 万 and 亿 multiplied in; what is not printed is None.
    """
    text = document.text
    site = _Site(document, grammar, DutySite(document, grammar, region_level, region, period, text=text), period)
    found: list[Project] = []
    for visit in tree.body_visits:
        node = visit.node
        drafts: Iterator[Named] = iter(())
        if isinstance(node, Table):
            if table_kind(node, grammar) not in ("indicators", "tasks"):
                drafts = table_to_named(node, document, grammar)
        elif isinstance(node, Box):
            drafts = box_to_named(node, site)
        elif isinstance(node, Section) and not node.run_in and grammar.match(FILE, node.title, gives="heading_of_projects"):
            drafts = section_to_named(node, site)
        for draft in drafts:
            found.append(_project(len(found) + 1, draft, visit, site))
    return found


def box_to_named(box: Box, site: _Site) -> Iterator[Named]:
    """The projects among a box's entries; a box round a project table leaves them to the table."""
    tables = [n for n in box.content if isinstance(n, Table)]
    if box.kind == "indicators" or any(next(table_to_named(t, site.document, site.grammar), None) for t in tables):
        return
    listed = {id(item): list(_names_listed(item, site)) for item in box.items}
    lists = any(listed.values())
    for item in box.items:
        name = item.name.strip(BLANKS)
        named = site.grammar.match(FILE, name, gives="project")
        taken = named or (site.grammar.match(FILE, name, gives="entry") if box.kind == "projects" else None)
        programme = named is not None and name.rstrip("”").endswith(PROGRAMMES)
        if listed[id(item)] and not programme:
            yield from listed[id(item)]
        elif taken is not None and (programme or not lists):
            # Beside entries that list projects an entry with a plain name (航空, 交通枢纽) is a category too.
            group = site.grammar.match(FILE, item.group, gives="group") if item.group else None
            category = group.fields["group"] if group else item.group
            yield Named(taken.fields["name"], item.span.start, item.span.end, taken.rule, category=category)


def _names_listed(item: BoxItem, site: _Site) -> Iterator[Named]:
    """The projects that an entry only lists (铁路：续建甲、乙；新建丙), its name as their category."""
    start, end = item.span.start, item.span.end
    return listed_names(start + site.document.text[start:end].find(item.text[:20]), end, item.name, site)


def section_to_named(section: Section, site: _Site) -> Iterator[Named]:
    """The projects under a heading like 重点工程: sub-sections and numbered items whose names say so."""
    for node in section.content:
        if isinstance(node, Section):
            named = site.grammar.match(FILE, node.title.strip(BLANKS), gives="project")
            if named:
                yield Named(named.fields["name"], *_extent(node), named.rule)
            elif not node.run_in:
                for inner in section_to_named(node, site):
                    yield inner if inner.category else Named(inner.name, inner.start, inner.end, inner.rule, node.title)
        elif isinstance(node, Paragraph):
            item = site.grammar.match("boxes", node.text, gives="item")
            numbered = item is not None and bool(item.get("number"))
            first = OPENS.match(node.text)
            name = (item.get("name") or "") if item and numbered else first["name"] if first else ""
            named = site.grammar.match(FILE, name.strip(BLANKS).rstrip("。；;"), gives="project") if name else None
            if named:
                yield Named(named.fields["name"], node.span.start, node.span.end, named.rule)


def listed_names(start: int, end: int, category: str, site: _Site) -> Iterator[Named]:
    """Names that stand in a row behind 续建, 新建 …: 续建甲、乙；新建丙."""
    text = site.document.text
    for row in site.grammar.find(FILE, text[start:end], gives="stage_list"):
        a, b = row.spans["names"]
        at = start + a
        pieces = text[at : start + b].replace("和", "、").split("、")
        kept: list[Named] = []
        for piece in pieces:
            lead = len(piece) - len(piece.lstrip(BLANKS))
            name = site.grammar.match(FILE, ETC.sub("", piece.strip(BLANKS)), gives="list_name")
            if name:
                first = at + lead
                kept.append(
                    Named(
                        name.fields["name"], first, first + len(name.fields["name"]), name.rule, category, row.fields["stage"]
                    )
                )
            at += len(piece) + 1
        if len(kept) * 2 >= len(pieces):
            yield from kept


def _extent(section: Section) -> tuple[int, int]:
    """From the heading to the end of the last paragraph that is the section's own."""
    ends = [n.span.end for n in section.content if isinstance(n, Paragraph)]
    return section.span.start, max([section.span.end, *ends[-1:]])


def _project(number: int, draft: Named, visit: Visit, site: _Site) -> Project:
    node = visit.node
    box = node if isinstance(node, Box) else visit.box
    inner = isinstance(node, Section)
    return Project(
        id=f"project-{number}",
        section=node.id if inner and isinstance(node, Section) else visit.place,
        rule=draft.rule,
        span=span_of(site.document, draft.start, draft.end),
        duplicate_of=getattr(node, "duplicate_of", None),
        name=draft.name,
        category=draft.category,
        stage=_stage(draft, site.grammar),
        agencies=list(draft.agencies) or _bodies(draft, site),
        investment=draft.investment or _investment(draft, site),
        deadline=_deadline(draft, site),
        box=box.id if box else None,
    )


def _stage(draft: Named, grammar: Grammar) -> str | None:
    words = (draft.stage or "").strip(BLANKS)
    known = grammar.canonical("project_stages", words) if words else None
    if known or words:
        return known or words
    for place in (draft.name, draft.category or ""):
        found = grammar.first(FILE, place, gives="stage")
        if found:
            return grammar.canonical("project_stages", found.fields["stage"])
    return None


def _bodies(draft: Named, site: _Site) -> list[Agency]:
    at = draft.start
    bodies: list[Agency] = []
    if draft.table:
        return bodies
    for line in site.document.text[draft.start : draft.end].split("\n"):
        for tag in passage_to_tags(at, at + len(line), site.duty):
            bodies += [*tag.duty.lead, *tag.duty.participating]
        at += len(line) + 1
    return bodies


def _investment(draft: Named, site: _Site) -> Quantity | None:
    if draft.table:
        return None
    text = site.document.text
    found = next(site.grammar.find(FILE, text[draft.start : draft.end], gives="investment"), None)
    if found is None:
        return None
    a, b = found.spans["figure"]
    figure = next(find_quantities(text, draft.start + a, draft.start + b, site.grammar), None)
    return money(figure_to_quantity(figure, text, span_at=lambda s, e: span_of(site.document, s, e))) if figure else None


def _deadline(draft: Named, site: _Site) -> Deadline | None:
    start, end = draft.due or (0, 0)
    text = site.document.text
    if draft.due is None and not draft.table:
        found = next(site.grammar.find(FILE, text[draft.start : draft.end], gives="done"), None)
        if found:
            a, b = found.spans["deadline"]
            while text[draft.start + a] not in "12二２":
                a += 1
            start, end = draft.start + a, draft.start + b
    if start == end:
        return None
    return parse_deadline(text[start:end], span_of(site.document, start, end), site.period, grammar=site.grammar)


__all__: Sequence[str] = ["Named", "box_to_named", "collect_projects", "listed_names", "section_to_named"]
