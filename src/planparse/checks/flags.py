"""Diagnostics → flags of the facts that they touch, so that doubt survives into tables."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from planparse.facts.collect import Facts
from planparse.models import Diagnostic
from planparse.models.facts import Fact

READ = ("font.read", "ocr.area", "ocr.page", "ocr.picture")
"""Diagnostics whose span is a whole stretch of the text: every fact in it was read so."""

F = TypeVar("F", bound=Fact)


def flag_facts(facts: Facts, diagnostics: Sequence[Diagnostic]) -> Facts:
    """The facts, each with the codes of the diagnostics that stand within its span, and of OCR where it was read by that."""
    places = sorted((d.span.start, d.span.end, d.code) for d in diagnostics if d.span and d.span.start < d.span.end)
    read = [place for place in places if place[2] in READ]

    def flagged(rows: list[F]) -> list[F]:
        made = []
        for row in rows:
            first = bisect_left(places, (row.span.start,))
            last = bisect_left(places, (row.span.end + 1,))
            codes = {c for _, end, c in places[first:last] if end <= row.span.end}
            around = bisect_left(read, (row.span.end,)) - 1
            if around >= 0 and read[around][1] > row.span.start:
                codes.add(read[around][2])
            made.append(row.model_copy(update={"flags": sorted(codes)}) if codes else row)
        return made

    return replace(
        facts,
        indicators=flagged(facts.indicators),
        responsibilities=flagged(facts.responsibilities),
        tasks=flagged(facts.tasks),
        commitments=flagged(facts.commitments),
        projects=flagged(facts.projects),
        citations=flagged(facts.citations),
        glossary=flagged(facts.glossary),
    )
