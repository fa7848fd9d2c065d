"""What a sample is made of when its source is read: pieces that every printer can set, one after another."""

from dataclasses import dataclass, field


@dataclass(eq=False)
class Para:
    """A paragraph; `words` still bears its marks, and ⏎ where a heading goes on in a second line.

    `role` says how it is set: title, number, to, sign, date, draft, centre, heading, run, body, caption, group, toc,
    annex, cc. `bold` counts the characters of a run-in heading's number and title; `label` is the number that Word may
    generate; `line` is the line of the text dump on which it starts, once that is printed.
    """

    words: str
    role: str = "body"
    level: int = 0
    label: str = ""
    bold: int = 0
    page: str = ""
    line: int = 0


@dataclass(eq=False)
class Cell:
    """A cell with the rows and columns that it spans, by its place in the full grid."""

    words: str
    column: int
    rows: int = 1
    columns: int = 1
    line: int = 0


@dataclass(eq=False)
class Table:
    """A table; `head` rows are repeated on each page where the format can do so."""

    rows: list[list[Cell]]
    widths: list[int]
    head: int = 1
    line: int = 0


@dataclass(eq=False)
class Box:
    """A 专栏: its caption and what it holds; `style` (cell, frame or plain) says how Word and the web set it."""

    caption: Para
    content: list["Para | Table"]
    style: str = "cell"


@dataclass(eq=False)
class PageBreak:
    """A new page."""


Piece = Para | Table | Box | PageBreak


@dataclass
class Sample:
    """A whole plan: its pieces in print order, how each format prints them, and the truth that goes with it."""

    name: str
    formats: dict[str, dict[str, object]]
    pieces: list[Piece] = field(default_factory=list)
    truth: dict[str, object] = field(default_factory=dict)
    places: list[tuple[dict[str, object], "Para | Cell | Table"]] = field(default_factory=list)
    web: dict[str, object] = field(default_factory=dict)
