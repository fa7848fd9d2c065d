"""Web pages saved with all that belongs to them (.mht, .mhtml: MIME HTML, RFC 2557) → Document."""

import codecs
import email
import email.policy
from dataclasses import replace
from email.message import Message
from urllib.parse import urljoin

from planparse.document import Document, Origin
from planparse.errors import UnreadableFile
from planparse.extractors.encoding import declared_charset, decode
from planparse.extractors.html import read_html
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over
from planparse.grammar import Grammar

PAGES = ("text/html", "application/xhtml+xml")


def read_mhtml(data: bytes, origin: Origin, *, grammar: Grammar, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a saved web page: its root part (the `start` parameter, else the first HTML part) as `read_html` reads it.

    1. Pictures are read from their parts; styles and the pages of frames are not, and their characters not counted.
    2. `metadata` gets `url` (Content-Location or Snapshot-Content-Location of the page) and `date` of the head, where given.

    Raises UnreadableFile (`not-a-document` without an HTML part, `too-large`, and what read_html raises).
    """
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    page = _root_part(message, origin.name, limits)
    payload = page.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        raise UnreadableFile(f"{origin.name}: its page is empty or cut short; save it again", code="damaged")
    text, encoding = decode(payload, declared=page.get_content_charset() or declared_charset(payload))
    parts = Parts(message, page)
    page_bytes = codecs.BOM_UTF8 + text.encode("utf-8", "replace")
    document = read_html(page_bytes, origin, grammar=grammar, part=parts.find, limits=limits)
    said = {
        "url": page.get("Content-Location") or message.get("Snapshot-Content-Location"),
        "date": message.get("Date"),
    }
    found = {key: " ".join(str(value).split()) for key, value in said.items() if value}
    return replace(document, origin=replace(document.origin, encoding=encoding), metadata={**found, **document.metadata})


class Parts:
    """The parts of a saved page that it can name: by Content-ID (RFC 2392) or by Content-Location, relative to the page's."""

    def __init__(self, message: "Message[str, str]", page: "Message[str, str]") -> None:
        self._message, self._base = message, _said(page, "Content-Location")
        self._known: dict[str, Message[str, str]] | None = None

    def find(self, address: str) -> bytes | None:
        """The bytes of the part that an address in the page means; None where there is none."""
        if self._known is None:
            self._known = {}
            for part in self._message.walk():
                if name := _said(part, "Content-ID"):
                    self._known.setdefault("cid:" + name.strip("<>"), part)
                if place := _said(part, "Content-Location"):
                    self._known.setdefault(_joined(self._base, place), part)
        found = self._known.get(address) or self._known.get(_joined(self._base, address))
        payload = None if found is None else found.get_payload(decode=True)
        return payload if isinstance(payload, bytes) else None


def _said(part: "Message[str, str]", header: str) -> str:
    """What a header says; one with bytes beyond ASCII comes as an object of its own (email.header.Header)."""
    return str(part.get(header) or "").strip()


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _root_part(message: "Message[str, str]", name: str, limits: Limits) -> "Message[str, str]":
    pages: list[Message[str, str]] = []
    start = message.get_param("start")
    for number, part in enumerate(message.walk()):
        if number > limits.mhtml_parts:
            raise over(name, limits, "mhtml_parts", "has more than {limit} parts; save the page anew")
        if part.get_content_type() in PAGES:
            if start and _said(part, "Content-ID") == start:
                return part
            pages.append(part)
    if not pages:
        raise UnreadableFile(f"{name}: is a saved web page without its page; save it again", code="not-a-document")
    return pages[0]
