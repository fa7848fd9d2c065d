"""What a check says: a template and its values, which make the English message, and that of any other language."""

from planparse.checks.sentences import fill
from planparse.models import Span
from planparse.models.policy import Finding, Told

Part = tuple[str, ...]
"""Words of ours and of the plan, one after another: `("unit", "%")`."""


def finding(code: str, template: str, span: Span | None = None, *, fails: bool = True, **values: Told | list[Part]) -> Finding:
    """A finding with its English message; one that fails is an error, another a note."""
    told = {name: [list(part) for part in value] if isinstance(value, list) else value for name, value in values.items()}
    return Finding(
        code=code, level="error" if fails else "note", fails=fails, message=fill(template, told), template=template,
        values=told, span=span, line=span.line if span else None, page=span.page if span else None,
    )  # fmt: skip
