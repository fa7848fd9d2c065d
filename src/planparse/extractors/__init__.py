"""Stage 1: a file → `Document`. One reader a format, each a module with one function `read_FORMAT(data, origin, *, grammar)`.

What a reader must give, and `read` therefore promises:

1. `text` is the whole document in reading order, exactly as printed: nothing folded, nothing corrected. One paragraph is
   one line, however the file broke it; a row of a table is one line, its cells parted by TAB. A number that the format
   generates (Word's automatic lists) is text.
2. Every non-blank character of the source is in `text` or in `discarded` with a reason (`page_number`, `running_head`,
   `bookmark`, `markup`, …). `source_count` counts them by a second, simpler reading.
3. Every table is a `Grid`, the ones that a format only hints at (tabs in a text, lines on a page) too.
4. What the layout says (page, style, outline level, indent, bold) stands on each `Line`; what it does not say is None.
5. The same bytes give the same document, on any machine.
6. Nothing but `UnreadableFile` or `MissingTool` comes out of a reader, with one sentence that names the file.
"""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

from planparse.document import Document, Origin
from planparse.errors import PlanparseError, UnreadableFile
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over, over_text
from planparse.extractors.sniff import sniff
from planparse.grammar import Grammar, load_grammar

__all__ = ["read"]


def read(
    path: str | os.PathLike[str], *, grammar: Grammar | None = None, password: str | None = None, limits: Limits | None = None
) -> Document:
    """Read a published plan from a file; the package's docstring says what the document holds.

    `grammar` is the shipped one unless given, `limits` are the defaults; `password` opens an encrypted PDF. Raises UnreadableFile where the file is missing, empty, over a limit,
    encrypted, damaged or no document (`code` tells which), MissingTool where its format needs a program that is not
    installed.
    """
    file = Path(path)
    name = file.name or str(file)
    allowed = DEFAULT_LIMITS if limits is None else limits
    data = _read_bytes(file, name, allowed)
    form = sniff(data, name)
    origin = Origin(name, form, hashlib.sha256(data).hexdigest(), len(data), "text" if form == "markdown" else form)
    rules = load_grammar() if grammar is None else grammar
    try:
        document = _read_as(form, data, origin, rules, password, allowed)
    except (PlanparseError, MemoryError):
        raise
    except (Exception, RecursionError) as error:
        raise UnreadableFile(f"{name}: the file is damaged and cannot be read ({type(error).__name__})") from error
    for field, found in (("characters", len(document.text)), ("paragraphs", len(document.lines))):
        if found > getattr(allowed, field):
            raise over_text(name, allowed, field)
    return document


def _read_bytes(file: Path, name: str, limits: Limits) -> bytes:
    try:
        if file.is_dir():
            raise UnreadableFile(f"{name}: is a folder; name a file", code="missing")
        size = file.stat().st_size
        if size > limits.file_bytes:
            raise over(name, limits, "file_bytes", f"has {size:,} bytes, more than {{limit}}; split the file")
        data = file.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"{name}: there is no such file", code="missing") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad file name"
        raise UnreadableFile(f"{name}: cannot be opened ({reason})", code="missing") from None
    if not data:
        raise UnreadableFile(f"{name}: the file is empty", code="empty")
    return data


def _read_as(form: str, data: bytes, origin: Origin, grammar: Grammar, password: str | None, limits: Limits) -> Document:
    # Each reader brings heavy libraries along: only the one that is needed is imported.
    if form == "pdf":
        from planparse.extractors.pdf import read_pdf

        return read_pdf(data, origin, grammar=grammar, password=password, limits=limits)
    if form == "docx":
        from planparse.extractors.docx import read_docx
        from planparse.extractors.docx_flat import flat_to_package, is_flat

        data = flat_to_package(data, origin.name, limits) if is_flat(data) else data
        return read_docx(data, origin, grammar=grammar, limits=limits)
    if form == "html":
        from planparse.extractors.html import read_html

        return read_html(data, origin, grammar=grammar, limits=limits)
    if form in ("doc", "rtf"):
        from planparse.extractors.office import read_office

        return read_office(data, origin, grammar=grammar, limits=limits)
    if form == "mhtml":
        from planparse.extractors.mhtml import read_mhtml

        return read_mhtml(data, origin, grammar=grammar, limits=limits)
    if form == "ofd":
        from planparse.extractors.ofd import read_ofd

        return read_ofd(data, origin, grammar=grammar, limits=limits)
    if form in ("png", "jpeg", "gif", "bmp", "tiff", "webp"):
        from planparse.extractors.picture_file import read_picture_file

        return read_picture_file(data, replace(origin, extractor="picture"), grammar=grammar)
    from planparse.extractors.text import read_text

    return read_text(data, replace(origin, extractor="text"), grammar=grammar, limits=limits)
