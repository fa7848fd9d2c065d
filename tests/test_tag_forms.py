"""Tags, printed form → meaning; the forms stand in tag_forms.txt."""

import pytest

from tests.test_responsibilities import FORMS, collect


def said(words: list[str]) -> str:
    return " ".join(words) or "-"


@pytest.mark.parametrize("row", FORMS, ids=[f"{n}-{row[0]}" for n, row in enumerate(FORMS)])
def test_tag(row: tuple[str, ...]) -> None:
    (tag,) = collect(*row[0].split("⏎"))
    due = f"{tag.deadline.raw} {tag.deadline.date or '-'}" if tag.deadline else "-"
    assert (
        said([a.name for a in tag.lead]),
        said([a.name for a in tag.participating]),
        tag.basis,
        "等" if tag.open_ended else "-",
        due,
        said([p.name for p in tag.persons]),
    ) == row[1:]


def test_there_are_many() -> None:
    assert len(FORMS) >= 100
    assert len({row[0] for row in FORMS}) == len(FORMS)
