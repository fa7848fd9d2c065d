"""What commands of the command line do, apart from their arguments."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planparse.batch.fetch import at_hand
from planparse.batch.ledger import view_ledger
from planparse.batch.report import ledger_to_lines
from planparse.output.language import ENGLISH, Words
from planparse.places import to_place

if TYPE_CHECKING:
    from planparse.models import Plan
    from planparse.models.limits import Limits


def status_lines(out: str | Path, *, ledger: Path | None = None, words: Words = ENGLISH) -> Iterator[str]:
    """How the outputs in a folder stand, by its ledger."""
    with view_ledger(to_place(out), file=ledger) as seen:
        yield from ledger_to_lines(seen, words)


def open_plan(
    file: str | Path, grammars: Sequence[Path], *, password: str | None = None, limits: "Limits | None" = None
) -> "Plan":
    """A plan from its JSON, or read from a source; either may be in a store. Raises PlanparseError."""
    from planparse.grammar import load_grammar
    from planparse.output.json_yaml import load
    from planparse.pipeline import parse

    if Path(file).suffix.lower() == ".json":
        return load(file)
    with at_hand(to_place(file)) as path:
        return parse(path, grammar=load_grammar(*grammars), password=password, limits=limits)
