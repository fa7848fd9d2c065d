"""Foot- and endnotes of a Word document: their marks in the order of the references, and which notes are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from planparse.extractors.docx_numbering import format_number
from planparse.extractors.docx_package import W
from planparse.extractors.docx_runs import words
from planparse.extractors.docx_styles import ON, to_int

NOTE_STYLES = {"footnote": "footnote text", "endnote": "endnote text"}
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note that the text refers to; `mark` as it is printed there, "" where the author wrote a mark of his own."""

    kind: str
    mark: str
    element: "etree._Element"


class Notes:
    """Hands out marks as references are met; a note is printed once, after the body.

    Marks count through the whole document, as pages are not known; a plain digit is printed raised (²), so that it
    does not run into a figure before it.
    """

    def __init__(
        self,
        root: "etree._Element",
        settings: "etree._Element | None",
        stories: "Sequence[tuple[str, etree._Element | None]]",
    ) -> None:
        self._notes: dict[tuple[str, str], etree._Element] = {}
        for kind, tree in stories:
            if tree is None or kind not in ("footnotes", "endnotes"):
                continue
            for note in tree.iter(W + kind[:-1]):
                self._notes.setdefault((kind[:-1], note.get(W + "id", "")), note)
        self._formats = {kind: _format(kind, root, settings) for kind in NOTE_STYLES}
        self._counts = dict.fromkeys(NOTE_STYLES, 0)
        self._met: dict[tuple[str, str], NoteText] = {}
        self._order: dict[str, list[NoteText]] = {kind: [] for kind in NOTE_STYLES}

    def mark(self, kind: str, reference: "etree._Element") -> str:
        """What is printed at a reference to a note; the same note has the same mark."""
        key = (kind, reference.get(W + "id", ""))
        note = self._notes.get(key)
        if note is None:
            return ""
        if key not in self._met:
            own = reference.get(W + "customMarkFollows", "0") in ON
            mark = ""
            if not own:
                form, start = self._formats[kind]
                mark = _raised(format_number(start + self._counts[kind], form))
                self._counts[kind] += 1
            self._met[key] = NoteText(kind, mark, note)
            self._order[kind].append(self._met[key])
        return self._met[key].mark

    def referenced(self) -> Iterator[NoteText]:
        """The notes that were met, footnotes first, each kind in the order of its references."""
        for kind in NOTE_STYLES:
            # A note may refer to another one, which joins the list while this one is read.
            yield from self._order[kind]

    def unprinted(self) -> Iterator[tuple[str, str]]:
        """(words, reason) of the notes that nothing refers to: Word prints none of them."""
        for key, note in self._notes.items():
            if key not in self._met:
                yield words(note), "running_head" if note.get(W + "type") else "unreferenced_note"


def _format(kind: str, root: "etree._Element", settings: "etree._Element | None") -> tuple[str, int]:
    """The number format of a kind of note and where it starts: the first section's, else the document's."""
    form, start = {"footnote": "decimal", "endnote": "lowerRoman"}[kind], 1
    places = [] if settings is None else settings.findall(f"{W}{kind}Pr")
    places += reversed([p for section in root.iter(W + "sectPr") for p in section.iterchildren(f"{W}{kind}Pr")])
    for place in places:
        said, first = place.find(W + "numFmt"), place.find(W + "numStart")
        form = form if said is None else said.get(W + "val", form)
        number = None if first is None else to_int(first.get(W + "val"))
        start = start if number is None else number
    return form, start


def _raised(mark: str) -> str:
    if mark.isascii() and mark.isdecimal():
        return mark.translate(SUPERSCRIPT)
    return mark if len(mark) == 1 and not mark.isascii() else f"[{mark}]" if mark else ""
