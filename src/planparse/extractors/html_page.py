"""Where the document is on a web page: the place of its text, and of each block whether it belongs to it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import regex
from lxml.etree import _Element

from planparse.extractors.furniture import is_page_number
from planparse.extractors.html_blocks import Block
from planparse.extractors.html_tables import Measures
from planparse.grammar import Grammar

WEB = "web"
CHROME = "page_chrome"
# A paragraph this long, mostly not a link, is running text and not a menu.
LONG = 25
LINK_SHARE = 0.34
# An element named like a footer that holds so much of the page holds the page.
NEVER_CHROME = 0.3
# The text's place, by name, must hold this share of the page's running text …
NAMED_SHARE = 0.75
# … and a place found by weight alone, this.
WEIGHT_SHARE = 0.95
CHROME_LINE_LIMIT = 120
# A picture that the file holds weighs as much as so many characters: a page may be nothing but scans.
PICTURE_TEXT = 200
TITLE_TAGS = frozenset(["h1", "h2"])
# A page's own title is printed again at the head of the text: look for it so far down.
HEAD_BLOCKS = 40
TOKEN_PLACES = ("content_place", "title_place", "chrome_place", "loose_content_place")
# What a site prints of the document as such, and not of the page (发布时间, 来源 stand on any teaser too).
OFFICIAL = frozenset(["index_number", "document_number", "issuer", "signed_on"])
FOLD = regex.compile(r"[\s\u3000“”\"'‘’《》〈〉_|-]+")
BLANKS = regex.compile(r"[\s\u3000\xa0]+")
OUTER_COLON = regex.compile(r"[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Names:
    """The elements of a page whose tag, id or class says what they are."""

    content: Set[_Element]
    loose: Set[_Element]
    title: Set[_Element]
    chrome: Set[_Element]


def elements_to_names(elements: Sequence[_Element], grammar: Grammar) -> Names:
    """Ask the grammar what each tag, id and class word means; one word is asked once."""
    known: dict[str, str | None] = {}
    found: dict[str, set[_Element]] = {kind: set() for kind in TOKEN_PLACES}
    for element in elements:
        for token in f"{element.tag} {element.get('id') or ''} {element.get('class') or ''}".split():
            if token not in known:
                known[token] = _token_place(token, grammar) if len(token) <= 60 else None
            place = known[token]
            if place:
                found[place].add(element)
    content, title, chrome, loose = (frozenset(found[kind]) for kind in TOKEN_PLACES)
    return Names(content, loose, title, chrome)


def _token_place(token: str, grammar: Grammar) -> str | None:
    return next((kind for kind in TOKEN_PLACES if grammar.match(WEB, token, gives=kind)), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text is: what stands inside it, what is chrome by name; `named` if a name told and not weight alone."""

    inside: Mapping[_Element, bool]
    chrome: Mapping[_Element, bool]
    named: bool


def blocks_to_place(blocks: Sequence[Block], measures: Measures, names: Names) -> Place:
    """The place of the page's running text.

    By name, if elements with a site builder's name for it hold three quarters of the running text together; else the
    smallest element that holds nearly all of it, or the one round that which is named so. Never less than half: what
    holds too little is not taken.
    """
    chrome: dict[_Element, bool] = {}
    for element in measures.elements:
        parent = element.getparent()
        named = element in names.chrome
        small = measures.sizes[element] < NEVER_CHROME * measures.total
        chrome[element] = (parent is not None and chrome[parent]) or (named and small)
    weights = dict.fromkeys(measures.elements, 0)
    for block in blocks:
        weights[block.element] += 0 if chrome[block.element] else _running_text(block)
    for element in reversed(measures.elements):
        parent = element.getparent()
        if parent is not None:
            weights[parent] += weights[element]
    root = measures.elements[0]
    cores, named = _cores(root, weights, names)
    inside: dict[_Element, bool] = {}
    for element in measures.elements:
        parent = element.getparent()
        inside[element] = element in cores or (parent is not None and inside[parent])
    return Place(inside, chrome, named)


def _running_text(block: Block) -> int:
    if block.picture is not None:
        return 0 if block.picture.absent else PICTURE_TEXT
    if block.kind not in ("paragraph", "table"):
        return 0
    size = len("".join(block.text.split()))
    return size if size >= LONG and block.links <= LINK_SHARE * size else 0


def _cores(root: _Element, weights: Mapping[_Element, int], names: Names) -> tuple[set[_Element], bool]:
    total = weights[root]
    if not total:
        return {root}, False
    by_name = {element for element in names.content if weights[element]}
    outer = {element for element in by_name if not any(a in by_name for a in element.iterancestors())}
    if outer and sum(weights[element] for element in outer) >= NAMED_SHARE * total:
        return outer, True
    core, path = root, [root]
    while True:
        child = max(core, key=lambda c: weights.get(c, 0), default=None)
        if child is None or weights.get(child, 0) < WEIGHT_SHARE * total:
            break
        core = child
        path.append(core)
    around = [element for element in path if element in names.content or element in names.loose]
    return ({around[-1]}, True) if around else ({core}, False)


def blocks_to_reasons(
    blocks: Sequence[Block], place: Place, names: Names, grammar: Grammar, *, titles: Sequence[str], whole: bool
) -> list[str | None]:
    """For each block None where it belongs to the document, else why it does not (`page_chrome`, `hidden`, `markup`,
    `page_number`, `running_head`).

    Outside the text's place stay: the page's title where the text does not begin with it, the particulars that sites
    print above the text (索引号, 发文字号 …), links to attachments; and, where no name told the place, whatever does
    not look like chrome. `whole`: the page is a document and nothing round it.
    """
    own = [b.kind in ("paragraph", "table") and place.inside[b.element] and not place.chrome[b.element] for b in blocks]
    first = own.index(True) if True in own else 0
    head = _fold("".join(block.text for block, is_own in zip(blocks[first : first + HEAD_BLOCKS], own[first:]) if is_own))
    folded = [_fold(title) for title in titles]
    reasons: list[str | None] = []
    wants_value = False
    title_seen = False
    for number, block in enumerate(blocks):
        if block.kind in ("hidden", "markup"):
            reasons.append(block.kind)
            continue
        chrome, inside = place.chrome[block.element], place.inside[block.element]
        if block.picture is not None:
            reasons.append(None if whole or (inside and not chrome) else CHROME)
            continue
        labels = block_to_labels(block, grammar)
        reason: str | None = None
        if block.kind == "control":
            reason = CHROME
        elif block.kind == "paragraph" and grammar.match(WEB, block.text, gives="source_header"):
            reason = "markup"
        elif block.kind == "paragraph" and is_page_number(block.text, grammar):
            reason = "page_number"
        elif whole:
            reason = "running_head" if _is_running_head(block) else None
        elif inside and not chrome:
            reason = CHROME if _is_chrome_line(block, grammar) else None
        elif labels and ((not chrome and number < first) or OFFICIAL & labels.keys()):
            wants_value = block.kind == "paragraph" and not any(labels.values())
        elif wants_value and not chrome and block.kind == "paragraph" and not block.links:
            wants_value = False
        elif number < first and not title_seen and _is_title(block, names, folded) and _fold(block.text) not in head:
            title_seen = True
        elif (not chrome and grammar.match(WEB, block.text, gives="bare_date") and number < first) or (
            not chrome and block_to_files(block, grammar)
        ):
            pass
        elif chrome or place.named or _is_linked(block) or _is_chrome_line(block, grammar):
            reason = CHROME
        reasons.append(reason)
    return reasons


def _fold(text: str) -> str:
    return FOLD.sub("", text)


def _is_running_head(block: Block) -> bool:
    """LibreOffice sets the pages' head and foot once each, in a div that says so."""
    parent = block.element.getparent()
    return parent is not None and parent.tag == "div" and parent.get("title") in ("header", "footer")


def _is_linked(block: Block) -> bool:
    return block.links > LINK_SHARE * len("".join(block.text.split()))


def _is_chrome_line(block: Block, grammar: Grammar) -> bool:
    short = block.kind == "paragraph" and len(block.text) <= CHROME_LINE_LIMIT
    return short and grammar.match(WEB, block.text, gives="chrome_line") is not None


def _is_title(block: Block, names: Names, titles: Sequence[str]) -> bool:
    """The page's title: named so, or a heading that says what the page's head says."""
    text = _fold(block.text)
    if block.kind != "paragraph" or _is_linked(block) or not text:
        return False
    parent = block.element.getparent()
    if block.element in names.title or (parent is not None and parent in names.title):
        return not titles or any(text in title or title in text for title in titles) or len(text) >= 8
    return block.line.style in TITLE_TAGS and (not titles or any(text in title or title in text for title in titles if title))


def block_to_labels(block: Block, grammar: Grammar) -> dict[str, str]:
    """The particulars that a block states, label's canonical word → value ("" where it stands elsewhere).

    A table is one of particulars where two of its cells or more are labels.
    """
    if block.kind == "table" and block.table is not None:
        cells = [cell[0] for row in block.table.rows for cell in row]
        found: dict[str, str] = {}
        labels = 0
        for cell, after in pairwise([*cells, ""]):
            word = grammar.canonical("page_labels", OUTER_COLON.sub("", BLANKS.sub("", cell))) if len(cell) < 30 else None
            if word:
                labels += 1
                found.setdefault(word, after)
            else:
                found = _stated(cell, grammar) | found
        # A 任务分工表 may have a column 发布单位, but not 索引号 and 发文字号 side by side.
        only_labels = 0 < labels == sum(1 for cell in cells if cell)
        return found if (len(found) >= 2 or only_labels) and len(cells) <= 60 else {}
    return _stated(block.text, grammar) if block.kind == "paragraph" else {}


def _stated(text: str, grammar: Grammar) -> dict[str, str]:
    if len(text) > 300 or not (":" in text or "：" in text):
        return {}
    # Labels are spread to one width with blanks (索 引 号：, 标　　题：).
    label, colon, rest = text.replace("：", ":").partition(":")
    folded = BLANKS.sub("", label)
    text = text if folded == label or len(folded) > 8 else folded + colon + rest
    found: dict[str, str] = {}
    for match in grammar.find(WEB, text, gives="page_label"):
        word = grammar.canonical("page_labels", match.fields["label"])
        if word:
            found.setdefault(word, (match.get("value") or "").strip())
    return found


def block_to_files(block: Block, grammar: Grammar) -> list[tuple[_Element, str]]:
    """The links of a block that lead to files: (anchor, address)."""
    pairs = [(anchor, (anchor.get("href") or "").strip()) for anchor in block.anchors]
    return [(anchor, href) for anchor, href in pairs if len(href) < 2000 and grammar.match(WEB, href, gives="attachment")]
