"""The program that the commands are registered with, and what several of them take."""

import sys
from pathlib import Path
from typing import Annotated, Any

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
PlanArgument = Annotated[str, typer.Argument(help="A source file, or the JSON of a plan, or the address of either.")]
LangOption = Annotated[str | None, typer.Option("--lang", help="zh or en; else the locale's.")]
PasswordOption = Annotated[str | None, typer.Option("--password", help="What opens an encrypted PDF.")]
LimitOption = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=VALUE", help="How large a file may be, as pages=8000; see formats.md."),
]
SourceArgument = Annotated[Path, typer.Argument(help="A source file.")]


def console(*, err: bool = False, wide: bool = False) -> Any:
    """Where a command prints: stdout for data, stderr for talk; 200 columns where no terminal says how many it has."""
    from rich.console import Console

    plain = not (sys.stderr if err else sys.stdout).isatty()
    return Console(stderr=err, width=200 if plain and wide else None, highlight=False)


def rules_of(grammar: list[Path] | None) -> Any:
    """The shipped rules with the folders of --grammar laid over them. Raises BadGrammar."""
    from planparse.grammar import load_grammar

    return load_grammar(*(grammar or ()))


def words_in(lang: str | None) -> Any:
    """The words of a language, else of the locale's. Raises WrongUsage."""
    from planparse.output.language import choose_language, words_of

    return words_of(choose_language(lang))


def limits_of(limit: list[str] | None) -> Any:
    """The limits of the settings file with those of --limit laid over them. Raises WrongUsage."""
    from planparse.batch.limits import choose_limits

    return choose_limits(limit or ())


def open_all(files: list[str], grammar: list[Path] | None, limit: list[str] | None = None) -> Any:
    """Plans from their JSON, or read from sources."""
    from planparse.batch.commands import open_plan

    limits = limits_of(limit)
    return [open_plan(file, grammar or (), limits=limits) for file in files]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"planparse {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    pass
