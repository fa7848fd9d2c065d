"""The cells of a task table's row that say who answers → lead and participating, by their columns and their own words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import regex

from planparse.facts.duties import Duty, DutySite, list_to_duty, place_to_duty
from planparse.models import Agency, TableCell

BODIES = ("lead", "lead_and_person", "participating", "responsible", "first_leads", "weak")
"""Roles of columns that name bodies."""
WORDED = regex.compile("牵头|负责|配合|主办|协办|会同|参与|单位[：:]|部门[：:]")
WORD = regex.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Bodies:
    """Who answers for a row."""

    lead: tuple[Agency, ...] = ()
    participating: tuple[Agency, ...] = ()
    open_ended: bool = False


def cells_to_bodies(cells_of: Callable[[str], Sequence[tuple[str, TableCell]]], site: DutySite) -> Bodies:
    """The bodies of one row; `cells_of` gives the cells of a role, each with its header as printed.

    1. 责任单位 leads where no column is 牵头单位's, and takes part where one is; of 责任单位（排在首位的牵头） the first leads.
    2. A cell that says more than names (A牵头，B配合; A（牵头）、B; A*、B; 牵头单位：A) is read like a tag, its roles hold.
    """
    by_role: dict[str, list[Duty]] = {role: [] for role in BODIES}
    for role in BODIES:
        seen: set[int] = set()
        for header, cell in cells_of(role):
            if id(cell) not in seen:
                seen.add(id(cell))
                by_role[role].append(_cell_to_duty(cell, role, header, site))
    duties = [duty for role in BODIES for duty in by_role[role]]
    lead = _all(by_role, "lead", "lead_and_person", part="lead")
    responsible = _all(by_role, "responsible", "weak", part="lead")
    taking_part = _all(by_role, *BODIES, part="participating")
    if not lead:
        first = _all(by_role, "first_leads", part="lead")
        lead, responsible = (*first, *responsible), ()
    return Bodies(lead, (*responsible, *taking_part), any(duty.open_ended for duty in duties))


def _cell_to_duty(cell: TableCell, role: str, header: str, site: DutySite) -> Duty:
    start, end = cell.span.start, cell.span.end
    words = site.text[start:end]
    if role != "participating" and WORDED.search(words):
        said = place_to_duty(start, end, site)
        if said and said.lead and all(agency.kind for agency in (*said.lead, *said.participating)):
            return said
    names = site.split(start, end, header)
    agencies = tuple(a for a in names.agencies if WORD.search(a.name) and (a.kind or role != "lead_and_person"))
    if role == "participating":
        return Duty((), agencies, "stated", "", names.open_ended)
    if role == "first_leads":
        return Duty(agencies[:1], agencies[1:], "rule", "", names.open_ended)
    if role in ("responsible", "weak"):
        return list_to_duty(names, agencies, site)
    return Duty(agencies, (), "stated", "", names.open_ended)


def _all(by_role: Mapping[str, Sequence[Duty]], *roles: str, part: str) -> tuple[Agency, ...]:
    found = (duty.lead if part == "lead" else duty.participating for role in roles for duty in by_role[role])
    return tuple(agency for agencies in found for agency in agencies)
