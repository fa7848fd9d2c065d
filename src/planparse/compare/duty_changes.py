"""Responsibilities and tasks of two plans → what changed."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

from planparse.compare.concepts import fold_name
from planparse.compare.wording import texts_to_pairs, texts_to_words
from planparse.models import Agency, DutyChange, Plan, Responsibility, Task
from planparse.models.comparison import DutyChangeKind

T = TypeVar("T")


def changed_duties(
    old: Plan, new: Plan, sections: Mapping[str, str], headings: Mapping[str, str]
) -> tuple[list[DutyChange], tuple[int, int]]:
    """What became of responsibilities and tasks; and how many of each stayed as they were.

    `sections` says which new section is which old one, `headings` what each is called.
    """
    kept = [r for r in old.responsibilities if not r.duplicate_of], [r for r in new.responsibilities if not r.duplicate_of]
    pairs = _responsibility_pairs(*kept, sections)
    responsibilities = [
        _duty(a, b, "moved" if a and b and sections.get(a.section or "", a.section) != b.section else None, headings)
        for a, b in pairs
    ]
    rows = [t for t in old.tasks if not t.duplicate_of], [t for t in new.tasks if not t.duplicate_of]
    tasks = [_duty(a, b, None, headings) for a, b in _task_pairs(*rows)]
    stayed = tuple(sum(1 for d in duties if not d.kinds) for duties in (responsibilities, tasks))
    return [d for d in (*responsibilities, *tasks) if d.kinds], (stayed[0], stayed[1])


Pair = tuple[Responsibility | None, Responsibility | None]


def _responsibility_pairs(
    olds: Sequence[Responsibility], news: Sequence[Responsibility], sections: Mapping[str, str]
) -> list[Pair]:
    """In the same section by the same words, then in order; elsewhere only by the same words where these are rare."""
    pairs: dict[int, int] = {}
    words_old, words_new = ([fold_name(r.raw) for r in side] for side in (olds, news))
    places_old = [sections.get(r.section, "") if r.section else None for r in olds]
    places_new = [r.section for r in news]
    _pair_in_order(pairs, list(zip(places_old, words_old)), list(zip(places_new, words_new)))
    _pair_in_order(pairs, places_old, places_new)
    often_old, often_new = Counter(words_old), Counter(words_new)
    rare = {word for word, count in often_new.items() if count == 1 == often_old[word]}
    _pair_in_order(pairs, [w if w in rare else (i, "old") for i, w in enumerate(words_old)], words_new)
    return _ordered(olds, news, pairs)


def _pair_in_order(pairs: dict[int, int], here: Sequence[object], there: Sequence[object]) -> None:
    taken = set(pairs.values())
    free: dict[object, list[int]] = defaultdict(list)
    for j in reversed(range(len(there))):
        if j not in taken:
            free[there[j]].append(j)
    for i, key in enumerate(here):
        if i not in pairs and free.get(key):
            pairs[i] = free[key].pop()


def _ordered(olds: Sequence[T], news: Sequence[T], pairs: Mapping[int, int]) -> list[tuple[T | None, T | None]]:
    back = {j: i for i, j in pairs.items()}
    made: list[tuple[T | None, T | None]] = [(olds[back[j]] if j in back else None, n) for j, n in enumerate(news)]
    return [*made, *((o, None) for i, o in enumerate(olds) if i not in pairs)]


def _task_pairs(olds: Sequence[Task], news: Sequence[Task]) -> list[tuple[Task | None, Task | None]]:
    pairs: dict[int, int] = {}
    _pair_in_order(pairs, [fold_name(t.text) for t in olds], [fold_name(t.text) for t in news])
    rest_old = [i for i in range(len(olds)) if i not in pairs]
    taken = set(pairs.values())
    rest_new = [j for j in range(len(news)) if j not in taken]
    for a, b in texts_to_pairs([olds[i].text for i in rest_old], [news[j].text for j in rest_new]):
        pairs[rest_old[a]] = rest_new[b]
    return _ordered(olds, news, pairs)


def _duty(
    old: Responsibility | Task | None,
    new: Responsibility | Task | None,
    moved: Literal["moved"] | None,
    headings: Mapping[str, str],
) -> DutyChange:
    shown = new or old
    assert shown is not None
    kinds: list[DutyChangeKind] = []
    lead, participating = _names_apart(old, new, "lead"), _names_apart(old, new, "participating")
    due_old, due_new = (d.deadline.raw if d and d.deadline else None for d in (old, new))
    reworded = isinstance(old, Task) and isinstance(new, Task) and fold_name(old.text) != fold_name(new.text)
    if old is None:
        kinds.append("added")
    elif new is None:
        kinds.append("removed")
    else:
        kinds += [moved] if moved else []
        kinds += ["agencies"] if any((*lead, *participating)) else []
        kinds += ["deadline"] if fold_name(due_old or "") != fold_name(due_new or "") else []
        kinds += ["reworded"] if reworded else []
    return DutyChange(
        kinds=kinds,
        fact="task" if isinstance(shown, Task) else "responsibility",
        old=old.id if old else None,
        new=new.id if new else None,
        place=headings.get(shown.section or ""),
        text=shown.text if isinstance(shown, Task) else shown.raw,
        lead_added=lead[0],
        lead_removed=lead[1],
        participating_added=participating[0],
        participating_removed=participating[1],
        old_deadline=due_old,
        new_deadline=due_new,
        words=texts_to_words(old.text, new.text) if reworded else [],  # type: ignore[union-attr]
    )


def _names_apart(
    old: Responsibility | Task | None, new: Responsibility | Task | None, side: Literal["lead", "participating"]
) -> tuple[list[str], list[str]]:
    """Bodies that came and that went, as printed; one body is one whether it is printed short or in full."""
    olds: dict[str, str] = _by_body(getattr(old, side)) if old else {}
    news: dict[str, str] = _by_body(getattr(new, side)) if new else {}
    return [n for k, n in news.items() if k not in olds], [n for k, n in olds.items() if k not in news]


def _by_body(agencies: Sequence[Agency]) -> dict[str, str]:
    return {f"{a.level or ''}/{a.canonical or fold_name(a.name)}": a.name for a in agencies}
