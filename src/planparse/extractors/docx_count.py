"""The second reading of a .docx: its characters counted plainly, without the reader, so that the balance means something."""

from collections import Counter
from collections.abc import Iterable

from lxml import etree

from planparse.document import count_characters
from planparse.extractors.docx_package import MC, W

COUNTED = (W + "t", W + "delText")
FALLBACK = MC + "Fallback"


def count_source(parts: "Iterable[etree._Element]") -> Counter[str]:
    """The non-blank characters of every w:t and w:delText in `parts`, outside mc:Fallback."""
    counts: Counter[str] = Counter()
    for root in parts:
        counts.update("".join(element.text or "" for element in root.iter(*COUNTED)))
        for fallback in root.iter(FALLBACK):
            if next(fallback.iterancestors(FALLBACK), None) is None:
                counts.subtract("".join(element.text or "" for element in fallback.iter(*COUNTED)))
    return +Counter({char: counts[char] for char in count_characters("".join(counts))})
