"""A Word document saved as one XML file (Flat OPC: pkg:package) → the package that it stands for."""

import base64
import binascii
import codecs
import zipfile
from io import BytesIO

from lxml import etree

from planparse.extractors.docx_package import bytes_to_tree
from planparse.extractors.limits import Limits, over

PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"


def is_flat(data: bytes) -> bool:
    """Whether a Word document is one XML file and no zip archive."""
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


def flat_to_package(data: bytes, name: str, limits: Limits) -> bytes:
    """The bytes of the .docx whose parts a Flat OPC file holds, each as it stands. Raises UnreadableFile.

    Of the parts in base64 those alone are taken that may hold words: pages and texts taken in whole, and pictures.
    """
    root = bytes_to_tree(data, name, "package", limits)
    parts = list(root.iterchildren(PKG + "part"))
    if len(parts) > limits.zip_parts:
        raise over(name, limits, "zip_parts", f"holds {len(parts):,} parts, more than {{limit}}; save it anew")
    made = BytesIO()
    # Stored and not packed: it is read at once, and is no larger than the file.
    with zipfile.ZipFile(made, "w") as archive:
        for part in parts:
            inside = part.find(PKG + "xmlData")
            path = part.get(PKG + "name", "").lstrip("/")
            if inside is not None and len(inside) and path:
                archive.writestr(path, etree.tostring(inside[0], encoding="UTF-8", xml_declaration=True))
            elif path and _may_hold_words(part):
                archive.writestr(path, _unpacked(part))
    return made.getvalue()


def _may_hold_words(part: "etree._Element") -> bool:
    """Whether a part in base64 may hold words: a page or text taken in whole (w:altChunk), or a picture."""
    kind = part.get(PKG + "contentType", "")
    return kind.startswith(("text/", "message/", "image/", "application/xhtml"))


def _unpacked(part: "etree._Element") -> bytes:
    held = part.find(PKG + "binaryData")
    try:
        return base64.b64decode((held.text or "") if held is not None else "")
    except (binascii.Error, ValueError):
        return b""
