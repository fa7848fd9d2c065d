"""HTML → Document: web pages of governments and what Word and LibreOffice save as HTML."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import regex
from lxml import etree
from lxml.etree import _Element

from planparse.document import Document, Origin, count_characters
from planparse.document_builder import DocumentBuilder
from planparse.errors import UnreadableFile
from planparse.extractors.docx_package import depth_of
from planparse.extractors.encoding import declared_charset, decode
from planparse.extractors.html_blocks import Block, element_text, labelled_line, page_to_blocks
from planparse.extractors.html_page import (
    WEB,
    block_to_files,
    block_to_labels,
    blocks_to_place,
    blocks_to_reasons,
    elements_to_names,
)
from planparse.extractors.html_pictures import PagePictures, Part
from planparse.extractors.html_style import css_to_sheet
from planparse.extractors.html_tables import page_to_measures
from planparse.extractors.html_tags import SUNK
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over
from planparse.extractors.picture_places import INSTALL
from planparse.grammar import Grammar

HEAD_TAGS = frozenset(
    ["title", "meta", "link", "base", "script", "style", "noscript", "template", etree.Comment, etree.ProcessingInstruction]
)
LOOK_TAG = regex.compile(rb"</?(?:font|span|b|i|u|em|strong|big|small)(?:\s[^<>]*)?>", regex.I)
# Particulars are looked for in so many blocks from the top.
PARTICULARS_WITHIN = 30


def read_html(
    data: bytes, origin: Origin, *, grammar: Grammar, part: Part | None = None, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """Read a web page, or a document saved as HTML.

    1. The document's paragraphs and tables are the text; menus, footers, share bars and the like are discarded as
       `page_chrome`, what no browser shows as `hidden`, a source file's header as `markup`. Script, style, head and
       comments are no text and are not counted.
    2. Lines have `style` (the element), `outline_level` (h1 = 0), `centred`, `bold`, `size`, `indent` (points), `font`
       where the page declares them; numbers of lists are text (`generated`) and `list_label`.
    3. `metadata`: the meta elements (names in lower case), `title`, `lang`, the particulars printed above the text by
       their canonical words (`index_number`, `document_number`, `signed_on` …), and `attachments`: links to files, a line
       each, title TAB address.

    4. Pictures in `data:` addresses, and those of which `part` has the bytes, are read as `planparse[ocr]` reads them, at
       their places; `pictures` names the others.

    Raises UnreadableFile for what is too large, too deep, or without words. Nothing is fetched.
    """
    if len(data) > limits.html_bytes:
        raise over(origin.name, limits, "html_bytes", f"has {len(data):,} bytes of HTML, more than {{limit}}; split the page")
    text, encoding = decode(data, declared=declared_charset(data))
    source = text.replace("\0", "").encode("utf-8", errors="replace")
    root = _parse(source)
    if root is not None and depth_of(root) > limits.html_depth:
        # Tags for bold and colour that are never closed pile up; without them the page is as deep as it means to be.
        source = LOOK_TAG.sub(b"", source)
        root = _parse(source)
    if root is None:
        raise UnreadableFile(f"{origin.name}: has no words in it", code="no-text")
    if depth_of(root) > limits.html_depth:
        raise over(origin.name, limits, "html_depth", "its elements are nested deeper than {limit} levels; save the page anew")
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if len(elements) > limits.html_elements:
        raise over(origin.name, limits, "html_elements", f"has {len(elements):,} elements, more than {{limit}}; split the page")
    names = elements_to_names(elements, grammar)
    measures = page_to_measures(root, places=names.content)
    metadata = page_to_metadata(root)
    whole = grammar.match(WEB, metadata.get("generator", ""), gives="generator") is not None
    sheet = css_to_sheet("\n".join(element.text or "" for element in root.iter("style")))
    blocks = page_to_blocks(
        root, measures, sheet, hard_breaks=whole, has_number=lambda words: _has_number(words, grammar), part=part
    )
    where = blocks_to_place(blocks, measures, names)
    titles = [metadata[key] for key in ("articletitle", "title") if metadata.get(key)]
    reasons = blocks_to_reasons(blocks, where, names, grammar, titles=titles, whole=whole)
    kept = [block for block, reason in zip(blocks, reasons, strict=True) if reason is None]
    if not kept:
        raise UnreadableFile(f"{origin.name}: has no words in it", code="no-text")
    builder = DocumentBuilder()
    pictures = PagePictures([block.picture for block in kept], grammar)
    place = 0
    for block, reason in zip(blocks, reasons, strict=True):
        if reason is not None:
            builder.discard(block.text, reason)
            continue
        if block.picture is not None:
            pictures.lay(place, builder)
        else:
            _lay(block, builder)
        place += 1
    if not builder.offset:
        how = f"; its pictures may have some: {INSTALL}" if pictures.unread else ""
        raise UnreadableFile(f"{origin.name}: has no words in it{how}", code="no-text")
    metadata = {**blocks_to_metadata(blocks, kept, grammar), **metadata}
    return builder.build(replace(origin, encoding=encoding), source_count=count_source(source), metadata=metadata)


def _parse(source: bytes) -> _Element | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(source, parser)
    except etree.XMLSyntaxError:
        return None
    if root is not None:
        _empty_head(root)
    return root


def _empty_head(root: _Element) -> None:
    """Move what is no head's out of it: libxml2 keeps article, main and the like in the head of a page without body."""
    head = root.find("head")
    strayed = next((i for i, child in enumerate(head) if child.tag not in HEAD_TAGS), None) if head is not None else None
    if head is None or strayed is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    moved = [child for child in list(head)[strayed:] if child.tag != "title"]
    if body.text:
        moved[-1].tail = (moved[-1].tail or "") + body.text
        body.text = None
    for place, child in enumerate(moved):
        body.insert(place, child)


def _has_number(words: str, grammar: Grammar) -> bool:
    return grammar.has(WEB, words[:20], gives="typed_number")


def _lay(block: Block, builder: DocumentBuilder) -> None:
    if block.table is None:
        builder.generated += count_characters(block.label)
        builder.paragraph(block.label + block.text, line=labelled_line(block))
        return
    builder.generated += block.labels
    rows = block.table.rows
    builder.grid(rows, layouts=block.table.layouts)


def count_source(source: bytes) -> Counter[str]:
    """The non-blank characters of a page by a second, simple reading: lxml's text without script, style and comments."""
    root = _parse(source)
    if root is None:
        return Counter()
    etree.strip_elements(root, *SUNK, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return count_characters("".join(str(piece) for piece in root.itertext()))


def page_to_metadata(root: _Element) -> dict[str, str]:
    """What the page's head says: meta elements by name (lower case; the first of a name), `title`, `lang`."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    title = next((element_text(element) for element in root.iter("title")), "")
    lang = (root.get("lang") or "").strip()
    return found | {key: value for key, value in (("title", title), ("lang", lang)) if value}


def blocks_to_metadata(blocks: Sequence[Block], kept: Sequence[Block], grammar: Grammar) -> Mapping[str, str]:
    """What the page's body says of the document: particulars, attachments, the header of an unprocessed source file."""
    found: dict[str, str] = {}
    for block in blocks[:1]:
        header = grammar.first(WEB, block.text[:1000], gives="source_header_title")
        if header and grammar.match(WEB, block.text, gives="source_header"):
            found["title"] = header.fields["title"]
    for number, block in enumerate(kept[:PARTICULARS_WITHIN]):
        for label, value in block_to_labels(block, grammar).items():
            follows = kept[number + 1].text if number + 1 < len(kept) and kept[number + 1].table is None else ""
            words = " ".join((value or (follows if block.table is None and len(follows) < 60 else "")).split())
            if words:
                found.setdefault(label, words)
    files = [
        f"{' '.join((element_text(anchor) or anchor.get('title') or '').split())}\t{href}"
        for block in kept
        for anchor, href in block_to_files(block, grammar)
    ]
    if files:
        found["attachments"] = "\n".join(dict.fromkeys(files))
    return found
