"""A reader for children of the fuzz target that reads as where `planparse[ocr]` is not installed."""

from typing import Any

from planparse.extractors import ocr
from planparse.pipeline import parse


def read_without_ocr(path: str, *, grammar: Any) -> Any:
    """`parse` without the extra: pages that are pictures are told and not recognised."""
    ocr.is_installed = lambda: False
    return parse(path, grammar=grammar)
