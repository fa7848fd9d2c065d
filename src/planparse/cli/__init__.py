"""The command line: arguments → one library call → print. Data to stdout, talk to stderr."""

import sys
from typing import Any

import typer

from planparse.cli import batch, checking, reading, research, rules  # noqa: F401  each registers its commands
from planparse.cli.program import app as app


def main() -> None:
    """Run a command; whatever planparse reports is one sentence on stderr and exit status 1, or 2 for wrong usage."""
    from planparse.errors import PlanparseError

    try:
        status = _program()(standalone_mode=False, prog_name="planparse")
    except PlanparseError as error:
        _say(str(error))
        raise SystemExit(2 if error.code == "usage" else 1) from None
    except typer.Abort:
        raise SystemExit(1) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
    except Exception as error:
        if (refused := _refused(error)) is None:
            raise
        raise SystemExit(refused) from None
    raise SystemExit(status if isinstance(status, int) else 0)


def _program() -> Any:
    """The program in the language that is asked for."""
    from planparse.output.language import ENGLISH

    if (words := _words()) is ENGLISH:
        return app
    from planparse.cli.help import translate_help

    return translate_help(typer.main.get_command(app), words)


def _refused(error: Exception) -> int | None:
    """Say what is wrong with the arguments themselves and give the exit status; None for an error of another kind.

    typer's own exceptions are of a module that is not public, and that another version has elsewhere.
    """
    said = getattr(error, "format_message", None)
    if said is None:
        return None
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(said(), err=True)
    elif context is None:
        _say(said())
    else:
        typer.echo(context.get_usage(), err=True)
        _say(said())
        _say(f"`{context.command_path} --help` tells more")
    return int(getattr(error, "exit_code", 2))


def _say(sentence: str) -> None:
    from planparse.output.sentences import printable, sentence_of

    typer.echo(printable(sentence_of(sentence, _words())), err=True)


def _words() -> Any:
    """The words of the language that --lang names, else of the locale's: before a command has taken it, and where none does."""
    from planparse.output.language import LANGUAGES, choose_language, words_of

    named, arguments = None, sys.argv[1:]
    for at, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            named = value or next(iter(arguments[at + 1 :]), "")
    return words_of(choose_language(named if named in LANGUAGES else None))
