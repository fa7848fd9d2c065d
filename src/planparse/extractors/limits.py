"""What is said of a file over a limit (models/limits.py): what there is too much of, and which limit lets it through."""

from planparse.errors import UnreadableFile
from planparse.models.limits import DEEPEST, DEFAULT_LIMITS, Limits

__all__ = ["DEFAULT_LIMITS", "Limits", "over", "over_text"]
MB = 2**20


def over(name: str, limits: Limits, field: str, sentence: str) -> UnreadableFile:
    """A file over the limit `field`; `sentence` says what there is too much of, with {limit} where the limit stands."""
    value = getattr(limits, field)
    said = f"{value:,.12g}"
    if field.endswith("_bytes"):
        said = f"{value // MB:,} MB" if value % MB == 0 else f"{said} bytes"
    # What the parser itself goes no deeper than, no setting raises.
    more = "" if value == DEEPEST.get(field) else f", or raise the limit: --limit {field.replace('_', '-')}=N"
    return UnreadableFile(f"{name}: {sentence.replace('{limit}', said)}{more}", code="too-large")


def over_text(name: str, limits: Limits, field: str) -> UnreadableFile:
    """A document that is longer than `characters`, `paragraphs` or `printed_lines`."""
    return over(name, limits, field, f"holds more than {{limit}} {field.replace('_', ' ')}; split the file")
