"""The pages of an OFD package with what they need to be drawn (GB/T 33190-2016, 7.4 to 7.9 and 15)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import join

from lxml import etree

from planparse.extractors.ofd_objects import Font, Resources
from planparse.extractors.ofd_package import OfdPackage, inside, local, numbers, said
from planparse.extractors.pdf_characters import BOLD_NAME

PageBox = tuple[float, float, float, float]
A4: PageBox = (0.0, 0.0, 210.0, 297.0)
# Some converters write the page's box in points and the text in millimetres.
FILLED, MANY = 0.5, 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is to be drawn: its own content, its templates (part, and whether other pages have it too)."""

    part: str
    templates: tuple[tuple[str, bool], ...]
    box: PageBox
    annotations: "tuple[etree._Element, ...]"


def package_to_pages(package: OfdPackage) -> Iterator[tuple[Page, Resources]]:
    """The pages of every document in the package, in order."""
    root = package.parsed(package.root)
    for place in inside(root, "DocRoot"):
        location = (place.text or "").strip()
        document = package.tree(package.root, location)
        part = package.find(package.root, location) or ""
        resources = _resources(package, part, document)
        templates = {said(t, "ID"): said(t, "BaseLoc") for t in inside(document, "TemplatePage")}
        entries = [page for pages in inside(document, "Pages") for page in pages if local(page) == "Page"]
        trees = [package.tree(part, said(page, "BaseLoc")) for page in entries[: package.limits.pages + 1]]
        named = [[said(t, "TemplateID") for t in tree if local(t) == "Template"] for tree in trees]
        uses = Counter(name for names in named for name in dict.fromkeys(names))
        notes = _annotations(package, part, document)
        common = _box(next(inside(document, "CommonData"), None)) or A4
        reach = _reach(trees)
        for page, tree, names in zip(entries, trees, named, strict=False):
            drawn = [(package.find(part, templates[name]), uses[name] > 1) for name in names if name in templates]
            yield (
                Page(
                    package.find(part, said(page, "BaseLoc")) or "",
                    tuple((found, shared) for found, shared in drawn if found is not None),
                    _fitted(_box(tree) or common, reach),
                    tuple(notes.get(said(page, "ID"), ())),
                ),
                _with_own(package, part, tree, resources),
            )


def _box(of: "etree._Element | None") -> PageBox | None:
    """The first PhysicalBox: left, top, width, height in millimetres; None where there is none of a size."""
    for found in inside(of, "PhysicalBox"):
        box = numbers(found.text or "")
        if len(box) == 4 and box[2] > 0 and box[3] > 0:
            return box[0], box[1], box[2], box[3]
    return None


def _reach(trees: "Sequence[etree._Element]") -> PageBox | None:
    """How far the text of all pages reaches: its first and last place across and down; None where it is too little to tell."""
    boxes = [numbers(said(thing, "Boundary")) for tree in trees for thing in inside(tree, "TextObject")]
    boxes = [box for box in boxes if len(box) == 4]
    if len(boxes) < MANY:
        return None
    ends = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return max(0.0, min(box[0] for box in boxes)), max(0.0, min(box[1] for box in boxes)), *ends


def _fitted(box: PageBox, reach: PageBox | None) -> PageBox:
    """The page's box; where no text of the whole document leaves its upper left quarter, its measures are wrong."""
    if reach is None or reach[2] > FILLED * box[2] or reach[3] > FILLED * box[3]:
        return box
    return 0.0, 0.0, reach[0] + reach[2], reach[1] + reach[3]


def _resources(package: OfdPackage, part: str, holder: "etree._Element", known: Resources | None = None) -> Resources:
    """The fonts, composite units and pictures of the resource files that `holder` names."""
    fonts = dict(known.fonts) if known else {}
    units = dict(known.units) if known else {}
    images = dict(known.images) if known else {}
    for place in inside(holder, "PublicRes", "DocumentRes", "PageRes"):
        found = package.find(part, place.text or "")
        if found is None:
            continue
        tree = package.parsed(found)
        for font in inside(tree, "Font"):
            name = said(font, "FontName")
            bold = said(font, "Bold").lower() == "true" or bool(BOLD_NAME.search(name))
            fonts[said(font, "ID")] = Font(name, bold)
        for media in inside(tree, "MultiMedia"):
            file = next((e.text or "" for e in inside(media, "MediaFile")), "").strip()
            held = package.find(found, join(said(tree, "BaseLoc"), file)) or package.find(found, file) if file else None
            if held is not None:
                images[said(media, "ID")] = held
        units |= {said(unit, "ID"): unit for unit in inside(tree, "CompositeGraphicUnit", "CompositeGraphUnit")}
    return Resources(fonts, units, images)


def _with_own(package: OfdPackage, part: str, page: "etree._Element", resources: Resources) -> Resources:
    if not any(local(child) == "PageRes" for child in page):
        return resources
    return _resources(package, part, page, resources)


def _annotations(package: OfdPackage, part: str, document: "etree._Element") -> "dict[str, list[etree._Element]]":
    """The annotations of each page by its id; parts that are missing are left out, as a reader of OFD does."""
    found: dict[str, list[etree._Element]] = {}
    for place in inside(document, "Annotations"):
        index = package.find(part, place.text or "")
        for page in inside(package.parsed(index), "Page") if index else ():
            for location in inside(page, "FileLoc"):
                file = package.find(index or "", location.text or "")
                if file:
                    found.setdefault(said(page, "PageID"), []).extend(inside(package.parsed(file), "Annot"))
    return found


def package_to_metadata(package: OfdPackage) -> dict[str, str]:
    """What the file says of itself (CT_DocInfo): title, author, creationdate …"""
    found: dict[str, str] = {}
    info = next(inside(package.parsed(package.root), "DocInfo"), None)
    for child in () if info is None else info:
        words = " ".join("".join(str(piece) for piece in child.itertext()).split())
        if words and local(child) != "CustomDatas":
            found.setdefault(local(child).lower(), words)
    return found
