"""A PDF's layers by pdfminer: which are off, and where the characters of a page stand that belong to them.

This module is imported when a file names layers, and pdfminer with it.
"""

import logging
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral

from planparse.extractors.pdf_layers import DEEPEST, Layers, Placed, is_shown

# Forms within forms can draw without end; what is drawn more often than this is taken for shown.
MOST_FORMS, MOST_PLACES = 5_000, 500_000
# Warnings about odd fonts and colours are of no use to a user.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())
PLAIN = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_layers(file: BytesIO, password: str) -> Layers | None:
    """The layers of a PDF; None where all of them are on, or where pdfminer cannot read it."""
    try:
        document = PDFDocument(PDFParser(file), password=password)
        states = States(resolve1(document.catalog.get("OCProperties")))
        if not states.any_off:
            return None
        pages = list(PDFPage.create_pages(document))
    except Exception:
        # A damaged file raises whatever comes; its words are then all taken for shown.
        return None
    return Layers(pages, lambda page: page_to_places(page, states))


class States:
    """Which layers the default configuration shows (D: BaseState, ON, OFF, AS; PDF 32000-1, 8.11.4)."""

    def __init__(self, properties: Any) -> None:
        told = properties if isinstance(properties, dict) else {}
        default = resolve1(told.get("D"))
        default = default if isinstance(default, dict) else {}
        groups = [ref for ref in _list(told.get("OCGs")) if isinstance(ref, PDFObjRef)]
        base = _name(default.get("BaseState")) != "OFF"
        self._on = {ref.objid: base for ref in groups}
        for key, state in (("ON", True), ("OFF", False)):
            self._on.update((ref.objid, state) for ref in _list(default.get(key)) if isinstance(ref, PDFObjRef))
        for usage in map(resolve1, _list(default.get("AS"))):
            if isinstance(usage, dict) and _name(usage.get("Event")) == "View":
                self._on.update(_viewed(ref) for ref in _list(usage.get("OCGs")) if _viewed(ref) is not None)  # type: ignore[misc]

    @property
    def any_off(self) -> bool:
        """Whether a layer is switched off."""
        return not all(self._on.values())

    def is_off(self, thing: Any) -> bool:
        """Whether what belongs to a layer or a membership dictionary is not shown."""
        return not self._is_on(thing, 0)

    def _is_on(self, thing: Any, depth: int) -> bool:
        if isinstance(thing, PDFObjRef) and thing.objid in self._on:
            return self._on[thing.objid]
        told = resolve1(thing)
        if not isinstance(told, dict) or _name(told.get("Type")) != "OCMD" or depth > DEEPEST:
            return True
        expression = _list(told.get("VE"))
        if expression:
            return self._holds(expression, depth + 1)
        held = told.get("OCGs")
        single = isinstance(held, PDFObjRef) and held.objid in self._on
        states = [
            self._on[g.objid] for g in ([held] if single else _list(held)) if isinstance(g, PDFObjRef) and g.objid in self._on
        ]
        return is_shown(_name(told.get("P")) or "AnyOn", states)

    def _holds(self, expression: Sequence[Any], depth: int) -> bool:
        if depth > DEEPEST:
            return True
        operator, *rest = expression
        states = [self._holds(_list(e), depth + 1) if _list(e) else self._is_on(e, depth) for e in rest]
        return {"And": all(states), "Or": any(states), "Not": not all(states)}.get(_name(operator), True)


def _viewed(ref: Any) -> tuple[int, bool] | None:
    """A layer's state by its own usage for the screen; None where it says none."""
    told = resolve1(ref)
    usage = resolve1(told.get("Usage")) if isinstance(told, dict) else None
    view = resolve1(usage.get("View")) if isinstance(usage, dict) else None
    said = _name(view.get("ViewState")) if isinstance(view, dict) else ""
    return (ref.objid, said != "OFF") if said and isinstance(ref, PDFObjRef) else None


def _list(thing: Any) -> list[Any]:
    told = resolve1(thing)
    return told if isinstance(told, list) else []


def _name(thing: Any) -> str:
    told = resolve1(thing)
    return str(told.name) if isinstance(told, PSLiteral) else ""


def page_to_places(page: PDFPage, states: States) -> list[Placed]:
    """Where all characters of a page stand; nothing where none of its contents is bound to a layer that is off."""
    if not _may_hide(page.resources, states, 0):
        return []
    manager = PDFResourceManager()
    device = _Places(manager)
    try:
        _Interpreter(manager, device, states).render_contents(page.resources, page.contents, ctm=PLAIN)
    except Exception:
        return []
    return device.places


def _may_hide(resources: Any, states: States, depth: int) -> bool:
    told = resolve1(resources)
    if not isinstance(told, dict) or depth > DEEPEST:
        return False
    bound = resolve1(told.get("Properties"))
    if isinstance(bound, dict) and any(states.is_off(thing) for thing in bound.values()):
        return True
    drawn = resolve1(told.get("XObject"))
    forms = [resolve1(thing) for thing in drawn.values()] if isinstance(drawn, dict) else []
    return any(
        states.is_off(form.get("OC")) or _may_hide(form.get("Resources"), states, depth + 1)
        for form in forms
        if isinstance(form, PDFStream)
    )


class _Places(PDFTextDevice):
    """Notes where characters stand; `off` has an entry for each open sequence of marked content and each open form."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.places: list[Placed] = []
        self.off: list[bool] = []
        self.forms = 0

    def render_char(
        self, matrix: Any, font: Any, fontsize: float, scaling: float, rise: float, cid: int, ncs: Any, graphicstate: Any
    ) -> float:
        _, _, c, d, e, f = matrix
        if len(self.places) > MOST_PLACES:
            raise OverflowError
        self.places.append(Placed(c * rise + e, d * rise + f, any(self.off)))
        return float(font.char_width(cid) * fontsize * scaling)


class _Interpreter(PDFPageInterpreter):
    """Follows marked content and forms that are bound to layers."""

    def __init__(self, manager: PDFResourceManager, device: _Places, states: States, depth: int = 0) -> None:
        super().__init__(manager, device)
        self._places, self._states, self._depth = device, states, depth

    def subinterp(self) -> "_Interpreter":
        return _Interpreter(self.rsrcmgr, self._places, self._states, self._depth + 1)

    def do_BMC(self, tag: Any) -> None:  # noqa: N802  pdfminer calls operators by their names
        self._places.off.append(False)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802
        bound = resolve1(self.resources.get("Properties")) if _name(tag) == "OC" else None
        thing = bound.get(props.name) if isinstance(bound, dict) and isinstance(props, PSLiteral) else None
        self._places.off.append(thing is not None and self._states.is_off(thing))

    def do_EMC(self) -> None:  # noqa: N802
        if self._places.off:
            self._places.off.pop()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802
        thing = resolve1(self.xobjmap.get(_name(xobjid_arg)))
        if not isinstance(thing, PDFStream) or _name(thing.get("Subtype")) != "Form" or self._depth > DEEPEST:
            return
        self._places.forms += 1
        if self._places.forms > MOST_FORMS:
            raise OverflowError
        before = list(self._places.off)
        self._places.off.append(self._states.is_off(thing.get("OC")))
        super().do_Do(xobjid_arg)
        self._places.off[:] = before
