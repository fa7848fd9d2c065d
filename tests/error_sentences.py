"""Every sentence that planparse can report, found in its source: the templates of what is raised, or told as an error."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

ERRORS = frozenset(
    {"PlanparseError", "UnreadableFile", "MissingTool", "BadGrammar", "BadPlanFile", "UnreadableOutput", "WrongUsage", "_Lost"}
)
"""The exceptions of errors.py; a class of another room that is one of them is named here too."""
TELLERS = frozenset({"_unreadable", "Outcome", "append", "over"})
"""Calls that take a sentence as one of their arguments: an outcome's error, a list of problems, a limit that a file is over."""
LIMIT = "{limit}"
"""Where a sentence for `over` has the limit."""
YIELDERS = frozenset({"_failures"})
KEYS = frozenset({"error", "refused"})


def sentences_in(source: Path) -> Iterator[tuple[str, str]]:
    """(place, template) for all files below `source`; a value in a template is `{}`, whatever it is called there."""
    for path in sorted(source.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        scopes = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        for scope in [*scopes, tree]:
            assigned = _assigned(scope)
            for node in _own(scope):
                yields = isinstance(node, ast.Yield) and getattr(scope, "name", "") in YIELDERS
                for said in [node.value] if yields and node.value else _told(node):
                    yield from ((f"{path.name}:{node.lineno}", t) for t in _templates(said, assigned, set()))


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _own(child)


def _assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    found: dict[str, list[ast.expr]] = {}
    for node in _own(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _told(node: ast.AST) -> Iterator[ast.expr]:
    """What a node tells: the arguments of an error or of a teller, the values of `{"error": …}`."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of_problems = name != "append" or "problems" in ast.unparse(node.func)
        if name in ERRORS or (name in TELLERS and of_problems):
            yield from node.args
    elif isinstance(node, ast.Dict):
        yield from (v for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant) and k.value in KEYS)


def _templates(said: ast.expr, assigned: dict[str, list[ast.expr]], seen: set[str]) -> Iterator[str]:
    """The templates of an expression: of each branch, of the names in it that hold sentences or parts of them."""
    if isinstance(said, ast.Constant) and isinstance(said.value, str) and " " in said.value.strip():
        yield said.value.replace(LIMIT, "{}")
    elif isinstance(said, ast.IfExp):
        yield from _templates(said.body, assigned, seen)
        yield from _templates(said.orelse, assigned, seen)
    elif isinstance(said, ast.Name) and said.id not in seen:
        for value in assigned.get(said.id, ()):
            yield from _templates(value, assigned, seen | {said.id})
    elif isinstance(said, ast.JoinedStr):
        whole = "".join(_literal(str(part.value)) if isinstance(part, ast.Constant) else "{}" for part in said.values)
        if " " in whole.strip():
            yield whole
        for part in said.values:
            if isinstance(part, ast.FormattedValue):
                yield from _templates(part.value, assigned, seen)


def _literal(words: str) -> str:
    return "{}".join(piece.replace("{", "{{").replace("}", "}}") for piece in words.split(LIMIT))


def bare(template: str) -> str:
    """The template without the name of a file before it, and with `{}` for each value."""
    said = "".join(
        words.replace("{", "{{").replace("}", "}}") + ("" if field is None else "{}")
        for words, field, _, _ in Formatter().parse(template)
    )
    while said.startswith("{}: "):
        said = said.removeprefix("{}: ")
    return said
