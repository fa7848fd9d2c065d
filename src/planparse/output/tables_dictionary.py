"""docs/data-dictionary.md, generated from the tables' shapes, which come from the models."""

from planparse.output.tables_columns import Column
from planparse.output.tables_shape import table_shapes

HEAD = """# Data dictionary

The tables that `planparse export` writes and `planparse.tables` opens. Generated from the models by
`planparse export --dictionary > docs/data-dictionary.md`; a test holds it current.

- `plan` is the key of `plans`; `plan` and `section` together are the key of `sections`; `plan` and `id` of every table
  of facts. `section` is null where a row stands outside all sections.
- `span_start` and `span_end` are code points of the plan's `text` (in its JSON): `text[span_start:span_end]` is what
  the row was read from. `page` and `line` are where that stands in the source, as far as its format has such.
- What the document does not say is null (a list: empty), never guessed; doubts are in `flags`.
- Passages printed twice count once; `--duplicates` keeps both, and `duplicate_of` tells them apart.
- In CSV and Excel a list's items are joined by `; `. In CSV a text that begins with `=`, `+`, `-`, `@`, TAB or a line
  break has an apostrophe before it, so that no spreadsheet runs it. In Excel `review` links to the fact's place on the
  review page.
"""


def dictionary_text() -> str:
    """The data dictionary as Markdown: every table, every column, its type, its values and what it holds."""
    parts = [HEAD]
    for shape in table_shapes().values():
        parts.append(f"\n## {shape.name}\n\n{shape.about}\n\n| column | type | holds |\n| --- | --- | --- |\n")
        parts += [f"| `{c.name}` | {c.type} | {_holds(c)} |\n" for c in shape.columns]
    return "".join(parts)


def _holds(column: Column) -> str:
    values = f": {', '.join(f'`{v}`' for v in column.values)}" if column.values and "`" not in column.about else ""
    return (column.about + values).replace("|", "\\|")
