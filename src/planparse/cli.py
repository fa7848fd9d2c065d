"""The command line: arguments → one library call → print. Data to stdout, talk to stderr."""

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from planparse.version import __version__

app = typer.Typer(
    help="Published Chinese policy plans in, checked data out.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
grammar_app = typer.Typer(help="The rules, as data.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(grammar_app, name="grammar")

GrammarOption = Annotated[
    list[Path] | None, typer.Option("--grammar", help="A folder of grammar files laid over the shipped ones.")
]
PlanArgument = Annotated[Path, typer.Argument(help="A source file, or the JSON of a plan.")]
PasswordOption = Annotated[str | None, typer.Option("--password", help="What opens an encrypted PDF.")]
SourceArgument = Annotated[Path, typer.Argument(help="A source file.")]


def _console(*, err: bool = False, wide: bool = False) -> Any:
    from rich.console import Console

    plain = not (sys.stderr if err else sys.stdout).isatty()
    return Console(stderr=err, width=200 if plain and wide else None, highlight=False)


def _rules(grammar: list[Path] | None) -> Any:
    from planparse.grammar import load_grammar

    return load_grammar(*(grammar or ()))


def _open_all(files: list[Path], grammar: list[Path] | None) -> Any:
    from planparse.batch.commands import open_plan

    return [open_plan(file, grammar or ()) for file in files]


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that the data is written to.")],
    formats: Annotated[str, typer.Option("--format", help="What is written: json, yaml or both.")] = "json,yaml",
    jobs: Annotated[int | None, typer.Option(min=1, help="Files read at a time; else one a core.")] = None,
    force: Annotated[bool, typer.Option("--force/--resume", help="Read all, or only what is not current.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on with files as they appear, until Ctrl-C.")] = False,
    manifest: Annotated[Path | None, typer.Option(help="A CSV: file, url, date, region.")] = None,
    grammar: GrammarOption = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one file may take.")] = 300.0,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes that reading one file may use.")] = 4096,
) -> None:
    """Read plans and write what they say as JSON and YAML."""
    from planparse.batch.commands import Settings, formats_of, ingest_files

    settings = Settings(
        formats=formats_of(formats), grammars=tuple(str(g) for g in grammar or ()), seconds=timeout, memory=memory << 20,
        jobs=jobs, force=force, watch=watch, manifest=manifest,
    )  # fmt: skip
    raise typer.Exit(ingest_files(paths, out, settings, console=_console(err=True), table=_console(wide=True)))


@app.command()
def status(folder: Annotated[Path, typer.Argument(help="A folder that ingest wrote.")]) -> None:
    """Tell what became of each file of a run: counts, failures, orphans."""
    from planparse.batch.commands import status_lines

    for line in status_lines(folder):
        typer.echo(line)


@app.command()
def show(
    file: PlanArgument,
    facts: Annotated[bool, typer.Option("--facts", help="The facts too, as tables.")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="Levels of headings.")] = None,
    by: Annotated[Literal["agency"] | None, typer.Option("--by", help="Who does what instead: a body a row.")] = None,
    grammar: GrammarOption = None,
    password: PasswordOption = None,
) -> None:
    """Show the tree of a plan, and its facts."""
    from planparse.batch.commands import open_plan
    from planparse.output.by_agency import plan_to_agency_table
    from planparse.output.language import choose_language, words_of
    from planparse.output.terminal import plan_to_tables, plan_to_tree

    plan, console = open_plan(file, grammar or (), password=password), _console(wide=True)
    if by:
        console.print(plan_to_agency_table(plan))
        return
    console.print(plan_to_tree(plan, depth=depth))
    for table in plan_to_tables(plan, words=words_of(choose_language())) if facts else ():
        console.print()
        console.print(table)


@app.command()
def text(file: SourceArgument, grammar: GrammarOption = None, password: PasswordOption = None) -> None:
    """Print the text of a file as stage 1 reads it: one paragraph a line, table cells parted by TAB."""
    from planparse.extractors import read
    from planparse.grammar import load_grammar

    sys.stdout.write(read(file, grammar=load_grammar(*(grammar or ())), password=password).text + "\n")


@app.command()
def explain(
    file: SourceArgument,
    line: Annotated[int | None, typer.Option(min=1, help="Only this line of the source.")] = None,
    grammar: GrammarOption = None,
) -> None:
    """Show how each paragraph was read: its candidates, the rule that won, its fields."""
    from planparse.extractors import read
    from planparse.grammar import load_grammar
    from planparse.output.explain import explain_document
    from planparse.pipeline import document_to_plan

    rules = load_grammar(*(grammar or ()))
    document = read(file, grammar=rules)
    for said in explain_document(document, rules, document_to_plan(document, rules), line=line):
        typer.echo(said)


@app.command("compare")
def compare_command(
    plans: Annotated[list[Path], typer.Argument(help="Source files, or the JSON of plans.")],
    to: Annotated[str, typer.Option("--to", help="table, csv, xlsx, json or html.")] = "table",
    facts: Annotated[str, typer.Option("--facts", help="indicators, commitments or both.")] = "indicators",
    out: Annotated[Path | None, typer.Option("--out", help="The file that is written; else it is printed.")] = None,
    grammar: GrammarOption = None,
) -> None:
    """Put the figures of many plans side by side, aligned by what they count."""
    from planparse.compare import compare_plans, paths_to_labels
    from planparse.output.comparison import check_kind, comparison_to, emit

    check_kind(to, out, sys.stdout.isatty())
    wanted = list(dict.fromkeys(f.strip() for f in facts.split(",") if f.strip()))
    rules = _rules(grammar)
    made = compare_plans(_open_all(plans, grammar), labels=paths_to_labels(plans), grammar=rules, facts=wanted)
    emit(comparison_to(made, to), out, _console(wide=True))


@app.command("diff")
def diff_command(
    old: PlanArgument,
    new: PlanArgument,
    to: Annotated[str, typer.Option("--to", help="text, json or html.")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="The file that is written; else it is printed.")] = None,
    grammar: GrammarOption = None,
) -> None:
    """Show what changed from one plan to another: sections, indicators, who answers for what."""
    from planparse.compare import diff_plans, paths_to_labels
    from planparse.output.comparison import emit
    from planparse.output.difference import check_diff_kind, diff_to

    check_diff_kind(to)
    first, second = paths_to_labels([old, new])
    made = diff_plans(*_open_all([old, new], grammar), labels=(first, second), grammar=_rules(grammar))
    emit(diff_to(made, to), out, _console(wide=True))


@app.command()
def export(
    folder: Annotated[Path | None, typer.Argument(help="A folder of plans that ingest wrote, or one plan's JSON.")] = None,
    out: Annotated[Path, typer.Option("--out", help="The folder that the tables are written to.")] = Path("tables"),
    to: Annotated[str, typer.Option("--to", help="parquet, csv, xlsx, duckdb; several parted by commas.")] = "csv",
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Passages printed twice count twice.")] = False,
    dictionary: Annotated[bool, typer.Option("--dictionary", help="Print what each table and column is.")] = False,
) -> None:
    """Write plans as tables for research."""
    from planparse.errors import WrongUsage
    from planparse.output.tables import export_tables
    from planparse.output.tables_dictionary import dictionary_text

    if dictionary:
        typer.echo(dictionary_text(), nl=False)
        return
    if folder is None:
        raise WrongUsage("export takes a folder of plans that ingest wrote, or --dictionary")
    for path in export_tables(folder, out, to=to, duplicates=duplicates):
        typer.echo(path)


@app.command()
def find(
    words: Annotated[str, typer.Argument(help="What is looked for; blanks do not count.")],
    folder: Annotated[Path, typer.Argument(help="A folder of plans that ingest wrote, or one plan's JSON.")],
    within: Annotated[str, typer.Option("--in", help="Section functions or kinds of facts, as goals,indicators.")] = "",
    duplicates: Annotated[bool, typer.Option("--duplicates", help="Passages printed twice count twice.")] = False,
) -> None:
    """Print where words stand: plan, section, page or line, and the sentence."""
    from planparse.output.find import find_in_folder, hit_to_lines

    names = [name.strip() for name in within.split(",") if name.strip()]
    for hit in find_in_folder(folder, words, within=names, duplicates=duplicates):
        for line in hit_to_lines(hit):
            typer.echo(line)


@app.command()
def brief(
    file: PlanArgument,
    to: Annotated[Literal["md", "docx"], typer.Option("--to", help="Markdown or Word.")] = "md",
    out: Annotated[Path | None, typer.Option("--out", help="The file; else stdout, for Word NAME.brief.docx.")] = None,
    grammar: GrammarOption = None,
) -> None:
    """Say a plan on two pages: issuer, period, goals, indicators, who does what, projects, doubts."""
    from planparse.batch.commands import open_plan
    from planparse.output.brief import brief_to_bytes, write_brief

    made = brief_to_bytes(open_plan(file, grammar or ()), to=to)
    if out is None and to == "md":
        sys.stdout.buffer.write(made)
    else:
        typer.echo(write_brief(made, out or Path(f"{file.stem}.brief.{to}")), err=True)


@app.command()
def sample(
    folder: Annotated[Path | None, typer.Argument(help="A folder of plans that ingest wrote, or one plan's JSON.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="The kind of fact to check.")] = "indicators",
    n: Annotated[int, typer.Option("--n", min=1, help="How many are drawn.")] = 50,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws others.")] = 1,
    out: Annotated[Path, typer.Option("--out", help="The workbook to mark.")] = Path("sample.xlsx"),
    score: Annotated[Path | None, typer.Option("--score", help="A marked workbook: print its precision.")] = None,
) -> None:
    """Draw facts into a workbook to mark right or wrong; with --score say what the marks give."""
    from planparse.errors import WrongUsage
    from planparse.output.sampling import score_sample, score_to_line, write_sample

    if score is not None:
        typer.echo(score_to_line(score_sample(score)))
    elif folder is None:
        raise WrongUsage("sample takes a folder of plans, or --score and a marked workbook")
    else:
        typer.echo(f"{write_sample(folder, out, kind=kind, n=n, seed=seed)} rows to mark: {out}", err=True)


@app.command()
def review(
    path: Annotated[Path, typer.Argument(help="A source file, the JSON of a plan, or a folder of either.")],
    out: Annotated[Path | None, typer.Option("--out", help="The folder of the pages; else ./review, or . for a file.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="zh or en; else the locale's.")] = None,
    pages: Annotated[bool, typer.Option("--pages", help="With pictures of a PDF's pages.")] = False,
    grammar: GrammarOption = None,
) -> None:
    """Write a page a plan to check what was read: the source beside the facts; in a folder, an index with search."""
    from planparse.batch.review import review_files

    made = list(review_files(path, out=out, lang=lang, pages=pages, grammars=grammar or ()))
    for one in made:
        typer.echo(one, err=isinstance(one, Exception))
    raise typer.Exit(int(any(isinstance(one, Exception) for one in made)))


@app.command("apply-corrections")
def apply_corrections_command(
    plan: Annotated[Path, typer.Argument(help="The JSON of a plan.")],
    corrections: Annotated[Path, typer.Argument(help="What the review page saved: NAME.corrections.json.")],
    out: Annotated[Path | None, typer.Option("--out", help="A .json file, or the folder for it; else stdout.")] = None,
) -> None:
    """Lay a reader's corrections over a plan; what no longer fits becomes a diagnostic."""
    from planparse.batch.review import correct_file

    text, said = correct_file(plan, corrections, out=out)
    if out is None:
        sys.stdout.write(text)
    for line in said:
        typer.echo(line, err=True)


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether schemas/ is current.")] = False,
    folder: Annotated[Path | None, typer.Option("--dir", help="The folder of the schemas.")] = None,
) -> None:
    """Print the JSON Schema of a plan; with --dir write all schemas there; with --check hold them against the models."""
    from planparse.models import Plan
    from planparse.output.schemas import schema_text, sync_schemas

    if not check and folder is None:
        typer.echo(schema_text(Plan), nl=False)
        return
    stale = sync_schemas(folder or Path("schemas"), check=check)
    if check and stale:
        typer.echo(f"not current: {', '.join(stale)}; run `planparse schema --dir schemas`", err=True)
        raise typer.Exit(1)


@app.command("check")
def check_command(
    paths: Annotated[list[Path], typer.Argument(help="Source files, the JSON of plans, or folders.")],
    config: Annotated[Path | None, typer.Option(help="The policy; else the nearest planparse.toml, pyproject.toml.")] = None,
    expect: Annotated[Path | None, typer.Option(help="A YAML of hand-verified facts.")] = None,
    against: Annotated[Path | None, typer.Option(help="A folder of earlier results (JSON).")] = None,
    allow_losses: Annotated[bool, typer.Option("--allow-losses", help="Losses are told and fail nothing.")] = False,
    to: Annotated[Literal["text", "json", "github", "junit", "sarif"], typer.Option("--to", help="What is printed.")] = "text",
    save: Annotated[list[Path] | None, typer.Option(help="Also write FILE.json, .sarif, .xml (JUnit) or .txt.")] = None,
    grammar: GrammarOption = None,
) -> None:
    """Hold plans against a policy, for CI; exit status 0 all passed, 1 one did not, 2 wrong usage or policy."""
    from planparse.batch.check import Demands, check_files
    from planparse.output.reports import path_to_kind, report_to, save_report

    for path in save or ():
        path_to_kind(path)
    report = check_files(paths, Demands(config, expect, against, allow_losses, tuple(map(str, grammar or ()))))
    for path in save or ():
        save_report(report, path)
    sys.stdout.write(report_to(report, to))
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def migrate(path: Annotated[Path, typer.Argument(help="A plan's JSON or YAML, or a folder of plans.")]) -> None:
    """Bring plans of earlier schema versions to the newest; those that have it stay as they are."""
    from planparse.output.migrate import migrate_files, migrated_to_line

    failed = False
    for migrated in migrate_files(path):
        typer.echo(migrated_to_line(migrated), err=migrated.error is not None)
        failed |= migrated.error is not None
    raise typer.Exit(1 if failed else 0)


@grammar_app.command("list")
def grammar_list(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders laid over the shipped rules.")] = None,
) -> None:
    """Print every rule: its full name, what it gives, and its first example."""
    from planparse.grammar import load_grammar

    for rules in load_grammar(*(folders or ())).files.values():
        for rule in rules:
            typer.echo(f"{rule.name}\t{rule.rule.gives}\t{rule.rule.examples[0].text}")


@grammar_app.command("test")
def grammar_test(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders laid over the shipped rules.")] = None,
) -> None:
    """Run every rule against its own examples and rejects."""
    from planparse.grammar import load_grammar

    grammar = load_grammar(*(folders or ()))
    failures = grammar.test()
    for failure in failures:
        typer.echo(failure, err=True)
    typer.echo(f"{sum(map(len, grammar.files.values()))} rules, {len(failures)} failures", err=True)
    raise typer.Exit(1 if failures else 0)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"planparse {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass


def main() -> None:
    """Run a command; whatever planparse reports is one sentence on stderr and exit status 1."""
    from planparse.errors import PlanparseError

    try:
        app()
    except PlanparseError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2 if error.code == "usage" else 1) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
