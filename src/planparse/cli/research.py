"""Commands for those who ask something of plans: figures side by side, tables, words, samples."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from planparse.cli.program import (
    GrammarOption,
    LangOption,
    LimitOption,
    PlanArgument,
    app,
    console,
    limits_of,
    open_all,
    rules_of,
    words_in,
)

FolderArgument = Annotated[
    str | None, typer.Argument(help="A folder of plans that ingest wrote, one plan's JSON, or its address.")
]


@app.command("compare")
def compare_command(
    plans: Annotated[list[str], typer.Argument(help="Source files, or the JSON of plans, or their addresses.")],
    to: Annotated[str, typer.Option("--to", help="table, csv, xlsx, json or html.")] = "table",
    facts: Annotated[str, typer.Option("--facts", help="indicators, commitments or both.")] = "indicators",
    out: Annotated[Path | None, typer.Option("--out", help="The file that is written; else it is printed.")] = None,
    grammar: GrammarOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Put the figures of many plans side by side, aligned by what they count."""
    from planparse.compare import compare_plans, paths_to_labels
    from planparse.output.comparison import check_kind, comparison_to, emit

    words = words_in(lang)
    check_kind(to, out, sys.stdout.isatty())
    wanted = list(dict.fromkeys(f.strip() for f in facts.split(",") if f.strip()))
    rules = rules_of(grammar)
    made = compare_plans(
        open_all(plans, grammar, limit), labels=paths_to_labels([Path(plan) for plan in plans]), grammar=rules, facts=wanted
    )
    emit(comparison_to(made, to, words=words), out, console(wide=True))


@app.command("diff")
def diff_command(
    old: PlanArgument,
    new: PlanArgument,
    to: Annotated[str, typer.Option("--to", help="text, json or html.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="The file that is written; else it is printed.")] = None,
    grammar: GrammarOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Show what changed from one plan to another: sections, indicators, who answers for what."""
    from planparse.compare import diff_plans, paths_to_labels
    from planparse.output.comparison import emit
    from planparse.output.difference import check_diff_kind, diff_to

    words = words_in(lang)
    check_diff_kind(to)
    first, second = paths_to_labels([Path(old), Path(new)])
    made = diff_plans(*open_all([old, new], grammar, limit), labels=(first, second), grammar=rules_of(grammar))
    emit(diff_to(made, to, words=words), out, console(wide=True))


@app.command()
def export(
    folder: FolderArgument = None,
    out: Annotated[str, typer.Option("--out", help="The folder, or its address, that the tables are written to.")] = "tables",
    to: Annotated[str, typer.Option("--to", help="parquet, csv, xlsx, duckdb; several parted by commas.")] = "csv",
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Passages printed twice count twice.")] = False,
    dictionary: Annotated[bool, typer.Option("--dictionary", help="Print what each table and column is.")] = False,
    lang: LangOption = None,
) -> None:
    """Write plans as tables for research."""
    from planparse.batch.research import export_folder
    from planparse.errors import WrongUsage
    from planparse.output.tables_dictionary import dictionary_text

    words_in(lang)
    if dictionary:
        typer.echo(dictionary_text(), nl=False)
        return
    if folder is None:
        raise WrongUsage("export takes a folder of plans that ingest wrote, or --dictionary")
    for place in export_folder(folder, out, to=to, duplicates=duplicates):
        typer.echo(str(place))


@app.command()
def find(
    text: Annotated[str, typer.Argument(help="What is looked for; blanks do not count.")],
    folder: Annotated[str, typer.Argument(help="A folder of plans that ingest wrote, one plan's JSON, or its address.")],
    within: Annotated[str, typer.Option("--in", help="Section functions or kinds of facts, as goals,indicators.")] = "",
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Passages printed twice count twice.")] = False,
    lang: LangOption = None,
) -> None:
    """Print where words stand: plan, section, page or line, and the sentence."""
    from planparse.output.find import find_in_folder, hit_to_lines

    names = [name.strip() for name in within.split(",") if name.strip()]
    words = words_in(lang)
    for hit in find_in_folder(folder, text, within=names, duplicates=duplicates):
        for line in hit_to_lines(hit, words=words):
            typer.echo(line)


@app.command()
def brief(
    file: PlanArgument,
    to: Annotated[Literal["md", "docx"], typer.Option("--to", help="Markdown or Word.")] = "md",
    out: Annotated[Path | None, typer.Option("--out", help="The file; else stdout, for Word NAME.brief.docx.")] = None,
    grammar: GrammarOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Say a plan on two pages: issuer, period, goals, indicators, who does what, projects, doubts."""
    from planparse.batch.commands import open_plan
    from planparse.output.brief import brief_to_bytes, write_brief

    words = words_in(lang)
    made = brief_to_bytes(open_plan(file, grammar or (), limits=limits_of(limit)), to=to, words=words)
    if out is None and to == "md":
        sys.stdout.buffer.write(made)
    else:
        typer.echo(write_brief(made, out or Path(f"{Path(file).stem}.brief.{to}")), err=True)


@app.command()
def sample(
    folder: FolderArgument = None,
    kind: Annotated[str, typer.Option("--kind", help="The kind of fact to check.")] = "indicators",
    n: Annotated[int, typer.Option("--n", min=1, help="How many are drawn.")] = 50,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws others.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="The workbook to mark.")] = Path("sample.xlsx"),
    score: Annotated[Path | None, typer.Option("--score", help="A marked workbook: print its precision.")] = None,
    lang: LangOption = None,
) -> None:
    """Draw facts into a workbook to mark right or wrong; with --score say what the marks give."""
    from planparse.errors import WrongUsage
    from planparse.output.sampling import score_sample, score_to_line, write_sample

    words = words_in(lang)
    if score is not None:
        typer.echo(score_to_line(score_sample(score), words=words))
    elif folder is None:
        raise WrongUsage("sample takes a folder of plans, or --score and a marked workbook")
    else:
        count = write_sample(folder, out, kind=kind, n=n, seed=seed)
        typer.echo(words.gettext("{count} rows to mark: {path}").format(count=count, path=out), err=True)
