"""A printed deadline → its last day and its kind: 2025年12月底前, “十四五”期间, 每年, 长期坚持."""

import calendar
import unicodedata

from planparse.facts.agency_names import squeeze
from planparse.grammar import Grammar, Match, load_grammar
from planparse.models import Deadline, Period, Span
from planparse.numerals import to_int

QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12}
DECADES = {"上旬": 10, "中旬": 20}
LONGEST_DEADLINE = 60


def parse_deadline(raw: str, span: Span | None, period: Period | None = None, *, grammar: Grammar | None = None) -> Deadline:
    """When something is due. `period` is the plan's own, for 规划期内.

    Guarantees: `raw` is kept verbatim; `date` is the last day that is meant (2025年6月 → 2025-06-30), None where the words
    do not fix one (每年, 持续推进, 2025年前); words that no rule takes have kind `other`. Five-year plans end in
    1955 + 5 n (十四五: 2025). `grammar` is the shipped one unless given.

    >>> parse_deadline("2025年12月底前", None).date
    '2025-12-31'
    """
    words = squeeze(raw).strip("。；;，,、（）()")
    found = None
    if words and len(words) <= LONGEST_DEADLINE:
        grammar = grammar or load_grammar()
        found = grammar.match("tasks", words, gives="deadline") or grammar.match(
            "tasks", unicodedata.normalize("NFKC", words), gives="deadline"
        )
    if found is None:
        return Deadline(raw=raw, kind="other", span=span)
    return Deadline(raw=raw, date=_last_day(found, period), kind=found.fields["kind"], span=span)  # type: ignore[arg-type]


def _last_day(found: Match, period: Period | None) -> str | None:
    """The ISO date of the last day that a match of a deadline rule means; None where it fixes none."""
    if found.get("plan"):
        return f"{period.end}-12-31" if period and period.end else None
    five = to_int(found.fields["five"]) if found.get("five") else None
    year = 1955 + 5 * five if five else to_int(found.fields["year"]) if found.get("year") else None
    if year is None or not 1900 <= year <= 2200:
        return None
    month = to_int(found.get("month") or "") or 12
    if quarter := found.get("quarter"):
        month = QUARTERS.get(quarter) or 3 * (to_int(quarter) or 4)
    elif half := found.get("half"):
        month = 12 if half == "下半年" else 6
    decade = DECADES.get(found.get("decade") or "")
    last = decade or calendar.monthrange(year, month)[1]
    day = min(to_int(found.get("day") or "") or last, last)
    return f"{year:04d}-{month:02d}-{day:02d}"
