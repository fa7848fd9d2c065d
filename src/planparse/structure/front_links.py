"""Attachments that a web page links to: the addresses of those that the text names, and those that only a link names."""

from collections.abc import Sequence

import regex

from planparse.document import Document
from planparse.models import Attachment
from planparse.structure.front_lines import squeeze

Place = tuple[int, int]
SUFFIX = regex.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|rtf|zip|rar|7z|ceb)$", regex.I)
LABEL = regex.compile(r"^附\s*件\s*[0-9一二三四五六七八九十]{0,2}\s*[:：.．、]?\s*|^[0-9]{1,2}\s*[.．、]\s*")
SHORTEST = 4


def with_links(named: Sequence[tuple[Attachment, Place]], document: Document) -> list[tuple[Attachment, Place]]:
    """The attachments that the text names, with the addresses of the page's links to files; and the links beside them.

    A link belongs to a name where the words of one hold the other, blanks aside. A link of its own is an attachment
    where its words stand in the text.
    """
    found = [_without_suffix(*one) for one in named]
    for link in document.metadata.get("attachments", "").splitlines():
        words, _, href = link.partition("\t")
        title = link_to_title(words)
        folded = squeeze(title)
        if len(folded) < SHORTEST or not href:
            continue
        at = next((i for i, (one, _) in enumerate(found) if _same(squeeze(one.title), folded)), None)
        if at is not None:
            attachment, place = found[at]
            found[at] = (attachment.model_copy(update={"href": attachment.href or href}), place)
            continue
        # Links to files stand under the text.
        start = document.text.find(title, max(0, document.text.rfind(words)))
        if start >= 0:
            found.append((Attachment(title=title, href=href), (start, start + len(title))))
    return found


def link_to_title(words: str) -> str:
    """The title in a link's words.

    >>> link_to_title("附件1：云溪市养老设施项目表.docx")
    '云溪市养老设施项目表'
    """
    bare = words.strip()
    while (cut := LABEL.sub("", bare, count=1)) != bare:
        bare = cut
    return SUFFIX.sub("", bare).strip("《》 　")


def _without_suffix(attachment: Attachment, place: Place) -> tuple[Attachment, Place]:
    """名录.xlsx is called 名录."""
    bare = SUFFIX.sub("", attachment.title)
    return attachment.model_copy(update={"title": bare}), (place[0], place[1] - len(attachment.title) + len(bare))


def _same(title: str, words: str) -> bool:
    return len(title) >= SHORTEST and (title in words or words in title)
