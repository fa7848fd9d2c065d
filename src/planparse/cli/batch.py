"""Commands for many files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from planparse.cli.program import GrammarOption, LangOption, LimitOption, PasswordOption, app, console, limits_of, words_in


@app.command()
def ingest(
    paths: Annotated[list[str], typer.Argument(help="Files, folders of files, or addresses of either as s3://bucket/plans.")],
    out: Annotated[str, typer.Option("--out", help="The folder, or its address, that the data is written to.")],
    formats: Annotated[str, typer.Option("--format", help="What is written: json, yaml or both.")] = "json,yaml",
    jobs: Annotated[int | None, typer.Option(min=1, help="Files read at a time; else one a core.")] = None,
    force: Annotated[bool, typer.Option("--force/--resume", help="Read all, or only what is not current.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on with files as they appear, until Ctrl-C.")] = False,
    manifest: Annotated[Path | None, typer.Option(help="A CSV: file, url, date, region.")] = None,
    corrections: Annotated[Path | None, typer.Option(help="A folder of NAME.corrections.json to lay over.")] = None,
    tables: Annotated[str | None, typer.Option(help="Then tables in OUT/tables: parquet, csv, xlsx, duckdb.")] = None,
    engine: Annotated[Literal["local", "ray"], typer.Option(help="Who reads: this machine, or a Ray cluster.")] = "local",
    address: Annotated[str | None, typer.Option(help="The Ray cluster, as HOST:6379; else the one that runs here.")] = None,
    ledger: Annotated[Path | None, typer.Option(help="Where the ledger is kept, if not in the output folder.")] = None,
    grammar: GrammarOption = None,
    password: PasswordOption = None,
    limit: LimitOption = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one file may take.")] = 300.0,
    memory: Annotated[int, typer.Option(min=256, help="Megabytes that reading one file may use.")] = 4096,
    lang: LangOption = None,
) -> None:
    """Read plans and write what they say as JSON and YAML."""
    from planparse.batch.ingest import ingest_files
    from planparse.batch.settings import Settings, formats_of, tables_of

    settings = Settings(
        formats=formats_of(formats), grammars=tuple(str(g) for g in grammar or ()), seconds=timeout, memory=memory << 20,
        jobs=jobs, force=force, watch=watch, manifest=manifest, corrections=corrections, tables=tables_of(tables),
        engine=engine, address=address, ledger=ledger, password=password, limits=limits_of(limit),
        words=words_in(lang),
    )  # fmt: skip
    raise typer.Exit(ingest_files(paths, out, settings, console=console(err=True), table=console(wide=True)))


@app.command()
def status(
    folder: Annotated[str, typer.Argument(help="A folder that ingest wrote, or its address.")],
    ledger: Annotated[Path | None, typer.Option(help="Where the ledger is kept, if not in the folder.")] = None,
    lang: LangOption = None,
) -> None:
    """Tell what became of each file of a run: counts, failures, orphans."""
    from planparse.batch.commands import status_lines
    from planparse.output.sentences import printable

    for line in status_lines(folder, ledger=ledger, words=words_in(lang)):
        typer.echo(printable(line))
