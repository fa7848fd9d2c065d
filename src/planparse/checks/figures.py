"""Figures that cannot be: shares over 100 %, parts above their whole, ranges that run backwards."""

from collections.abc import Iterator

import regex

from planparse.checks.codes import diagnostic
from planparse.checks.site import FILE, Site
from planparse.facts.quantities import Figure, find_quantities
from planparse.models import Diagnostic, Note, Paragraph
from planparse.numerals import to_decimal
from planparse.structure.spans import span_of

SENTENCE = regex.compile(r"[^。；;！？\n]+")
LOOK_BACK = 24
WHOLE = 100


def check_figures(site: Site) -> Iterator[Diagnostic]:
    """Commitments, values of indicators, and sentences with 其中."""
    for commitment in site.facts.commitments:
        quantity = commitment.quantity
        span = quantity.span
        if span is None or quantity.value is None:
            continue
        if quantity.upper is not None and quantity.upper < quantity.value:
            yield diagnostic("figure.range-reversed", span, raw=quantity.raw)
        if quantity.unit == "%" and quantity.value > WHOLE:
            before = site.text[max(commitment.span.start, span.start - LOOK_BACK) : span.start]
            found = site.grammar.first(FILE, before, gives="share")
            if found:
                yield diagnostic("figure.over-100", span, raw=quantity.raw, name=found.fields["name"])
    for indicator in site.facts.indicators:
        over = [
            (value, quantity)
            for value in indicator.values
            if value.statistic in (None, "level")
            for quantity in value.quantities
            if quantity.unit == "%" and quantity.value is not None and quantity.value > WHOLE
        ]
        if over and site.grammar.has(FILE, indicator.name, gives="share"):
            for value, quantity in over:
                yield diagnostic("figure.over-100", quantity.span or value.span, raw=quantity.raw, name=indicator.name)
    yield from _parts(site)
    yield from _halves(site)


def _parts(site: Site) -> Iterator[Diagnostic]:
    """新建水厂12座，其中智慧水厂20座: the figure before 其中 and the first behind it, of one unit, in one sentence."""
    text = site.text
    for visit in site.visits:
        node = visit.node
        if not isinstance(node, Paragraph | Note) or "其中" not in node.text:
            continue
        for sentence in SENTENCE.finditer(text, node.span.start, node.span.end):
            words = sentence.group()
            if "其中" not in words:
                continue
            figures: list[Figure] | None = None
            for found in site.grammar.find(FILE, words, gives="of_which"):
                at, past = sentence.start() + found.start, sentence.start() + found.end
                figures = figures or list(find_quantities(text, sentence.start(), sentence.end(), site.grammar))
                whole = next((f for f in reversed(figures) if f.end <= at), None)
                part = next((f for f in figures if f.start >= past), None)
                if whole and part and _exceeds(part, whole):
                    yield diagnostic(
                        "figure.part-exceeds-whole",
                        span_of(site.document, part.start, part.end),
                        part=text[part.start : part.end],
                        whole=text[whole.start : whole.end],
                    )


def _halves(site: Site) -> Iterator[Diagnostic]:
    for found in site.grammar.find(FILE, site.text, gives="halves"):
        fields = found.fields
        if len({fields["unit"], fields["unit_one"], fields["unit_two"]}) > 1:
            continue
        scales = ("scale", "scale_one", "scale_two")
        numbers = [to_decimal(fields[n] + fields[s]) for n, s in zip(("whole", "first", "second"), scales, strict=True)]
        whole, first, second = numbers
        if whole is None or first is None or second is None or first + second == whole:
            continue
        # 1.2万 is rounded: a tenth of the last place in either part may be off.
        if any(fields[s] for s in scales) and abs(first + second - whole) * 100 < whole:
            continue
        yield diagnostic(
            "figure.parts-sum", span_of(site.document, found.start, found.end),
            parts=f"{fields['first']} and {fields['second']}", sum=format(first + second, "f"), whole=fields["whole"],
        )  # fmt: skip


def _exceeds(part: Figure, whole: Figure) -> bool:
    plain = all(f.comparator == "=" and not f.words and f.upper is None and f.base is None for f in (part, whole))
    return plain and part.unit == whole.unit and part.unit not in ("%", None) and part.value > whole.value
