"""Commands for many files."""

from pathlib import Path
from typing import Annotated

import typer

from planparse.cli.program import GrammarOption, LangOption, app, console, words_in


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files.")],
    out: Annotated[Path, typer.Option("--out", help="The folder that the data is written to.")],
    formats: Annotated[str, typer.Option("--format", help="What is written: json, yaml or both.")] = "json,yaml",
    jobs: Annotated[int | None, typer.Option(min=1, help="Files read at a time; else one a core.")] = None,
    force: Annotated[bool, typer.Option("--force/--resume", help="Read all, or only what is not current.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on with files as they appear, until Ctrl-C.")] = False,
    manifest: Annotated[Path | None, typer.Option(help="A CSV: file, url, date, region.")] = None,
    corrections: Annotated[Path | None, typer.Option(help="A folder of NAME.corrections.json to lay over.")] = None,
    grammar: GrammarOption = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one file may take.")] = 300.0,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes that reading one file may use.")] = 4096,
    lang: LangOption = None,
) -> None:
    """Read plans and write what they say as JSON and YAML."""
    from planparse.batch.commands import Settings, formats_of, ingest_files

    settings = Settings(
        formats=formats_of(formats), grammars=tuple(str(g) for g in grammar or ()), seconds=timeout, memory=memory << 20,
        jobs=jobs, force=force, watch=watch, manifest=manifest, corrections=corrections, words=words_in(lang),
    )  # fmt: skip
    raise typer.Exit(ingest_files(paths, out, settings, console=console(err=True), table=console(wide=True)))


@app.command()
def status(folder: Annotated[Path, typer.Argument(help="A folder that ingest wrote.")]) -> None:
    """Tell what became of each file of a run: counts, failures, orphans."""
    from planparse.batch.commands import status_lines

    for line in status_lines(folder):
        typer.echo(line)
