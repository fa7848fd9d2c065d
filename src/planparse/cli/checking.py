"""Commands that hold what was read against a person's eye or a policy."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from planparse.cli.program import GrammarOption, LangOption, LimitOption, app, limits_of, words_in


@app.command()
def review(
    path: Annotated[str, typer.Argument(help="A source file, the JSON of a plan, a folder of either, or its address.")],
    out: Annotated[str | None, typer.Option("--out", help="The folder of the pages; else ./review, or . for a file.")] = None,
    lang: LangOption = None,
    pages: Annotated[bool, typer.Option("--pages", help="With pictures of a PDF's pages.")] = False,
    grammar: GrammarOption = None,
    limit: LimitOption = None,
) -> None:
    """Write a page a plan to check what was read: the source beside the facts; in a folder, an index with search."""
    from planparse.batch.review import review_files
    from planparse.output.sentences import printable, sentence_of

    made = list(review_files(path, out=out, lang=lang, pages=pages, grammars=grammar or (), limits=limits_of(limit)))
    words = words_in(lang)
    for one in made:
        told = isinstance(one, str | Exception)
        typer.echo(printable(sentence_of(str(one), words) if told else str(one)), err=told)
    raise typer.Exit(int(any(isinstance(one, Exception) for one in made)))


@app.command("apply-corrections")
def apply_corrections_command(
    plan: Annotated[Path, typer.Argument(help="The JSON of a plan.")],
    corrections: Annotated[Path, typer.Argument(help="What the review page saved: NAME.corrections.json.")],
    out: Annotated[Path | None, typer.Option("--out", help="A .json file, or the folder for it; else stdout.")] = None,
    lang: LangOption = None,
) -> None:
    """Lay a reader's corrections over a plan; what no longer fits becomes a diagnostic."""
    from planparse.batch.review import correct_file

    text, said = correct_file(plan, corrections, out=out, words=words_in(lang))
    if out is None:
        sys.stdout.write(text)
    for line in said:
        typer.echo(line, err=True)


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
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Hold plans against a policy, for CI; exit status 0 all passed, 1 one did not, 2 wrong usage or policy."""
    from planparse.batch.check import Demands, check_files
    from planparse.output.reports import path_to_kind, report_to, save_report

    words = words_in(lang)
    for path in save or ():
        path_to_kind(path)
    told = Demands(config, expect, against, allow_losses, tuple(map(str, grammar or ())), tuple(limit or ()))
    report = check_files(paths, told)
    for path in save or ():
        save_report(report, path)
    sys.stdout.write(report_to(report, to, words=words))
    raise typer.Exit(0 if report.ok else 1)
