"""How much text is read at all: what is longer is several documents, or was made to tie a reader up."""

from planparse.errors import UnreadableFile

MAX_CHARACTERS = 1_000_000
MAX_PARAGRAPHS = 15_000
MAX_PRINTED_LINES = 40_000
"""The longest plans have some 200,000 characters in 3,000 paragraphs and rows, or in 10,000 printed lines."""


def too_long(name: str) -> UnreadableFile:
    """What is said of a document over a limit."""
    sentence = f"holds more than {MAX_CHARACTERS:,} characters or {MAX_PARAGRAPHS:,} paragraphs; split the file"
    return UnreadableFile(f"{name}: {sentence}", code="too-large")
