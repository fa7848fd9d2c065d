"""Nothing lost, and shown to be: the tree read aloud, and source against text and discarded, as multisets."""

from collections import Counter
from collections.abc import Mapping, Sequence

from planparse.document import Document, count_characters
from planparse.models import (
    Annex,
    Box,
    Contents,
    Coverage,
    Diagnostic,
    Node,
    Note,
    Paragraph,
    Plan,
    Section,
    Table,
)
from planparse.structure.walk import Tree


def read_aloud(plan: Plan) -> str:
    """The words of a plan's tree in reading order, one piece a line; blanks aside it is `plan.text`.

    A section says its heading and then its content; a run-in section only its content, since its first paragraph holds
    the heading's words. A table says its caption, its cells row by row and its notes.
    """
    return "\n".join(say([*plan.front_matter.content, *plan.body, *plan.back_matter.content]))


def say(nodes: Sequence[Node]) -> list[str]:
    """The words of nodes in reading order."""
    words: list[str] = []
    _say(nodes, words)
    return words


def _say(nodes: Sequence[Node], words: list[str]) -> None:
    for node in nodes:
        if isinstance(node, Paragraph | Note):
            words.append(node.text)
        elif isinstance(node, Section):
            if not node.run_in:
                words.append(node.heading)
            _say(node.content, words)
        elif isinstance(node, Table):
            words.append(node.caption)
            words += [cell.text for row in node.rows for cell in row]
            words += [note.text for note in node.notes]
        elif isinstance(node, Annex):
            words.append(node.heading)
            _say(node.content, words)
        elif isinstance(node, Contents):
            words.append(node.caption)
            words += [entry.raw for entry in node.entries]
        else:
            words.append(node.caption)
            if isinstance(node, Box):
                _say(node.content, words)


def squeeze(text: str) -> str:
    """The text without blanks (everything that `str.split` parts at)."""
    return "".join(text.split())


def balance(document: Document, tree: Tree) -> tuple[Coverage, list[Diagnostic]]:
    """The coverage of a document, and what does not balance.

    source + generated + recognised = text + discarded + lost, as multisets of non-blank characters; characters in the
    text that no term explains are `balance.surplus`; a tree that does not read as the text is `balance.tree`.
    """
    text = count_characters(document.text)
    discarded = count_characters("".join(piece.text for piece in document.discarded))
    had = _sum(document.source_count, document.generated, document.recognised)
    has = _sum(text, discarded)
    lost, surplus = (Counter[str](), Counter[str]()) if dict.__eq__(had, has) else (had - has, has - had)
    coverage = Coverage(
        source=sum(document.source_count.values()),
        generated=sum(document.generated.values()),
        recognised=sum(document.recognised.values()),
        text=sum(text.values()),
        discarded=sum(discarded.values()),
        lost=sum(lost.values()),
        repaired=document.repaired,
    )
    found: list[Diagnostic] = []
    if lost:
        found.append(
            _diagnostic(
                "balance.lost", "{count} characters of the source are neither in the text nor discarded: {sample}", lost
            )
        )
    if surplus:
        found.append(_diagnostic("balance.surplus", "{count} characters of the text are not in the source: {sample}", surplus))
    if squeeze("".join(say(tree.nodes))) != squeeze(document.text):
        message = "the tree read aloud is not the text"
        found.append(Diagnostic(code="balance.tree", severity="error", message=message))
    return coverage, found


def _sum(most: Mapping[str, int], *others: Mapping[str, int]) -> Counter[str]:
    """Counts added up; the first are the many."""
    total = Counter(most)
    for counts in others:
        total.update(counts)
    return total


def _diagnostic(code: str, template: str, counts: Counter[str]) -> Diagnostic:
    values: dict[str, str | int | float] = {
        "count": sum(counts.values()),
        "sample": "".join(sorted(counts, key=lambda c: (-counts[c], c))[:12]),
    }
    return Diagnostic(code=code, severity="error", values=values, message=template.format(**values))
