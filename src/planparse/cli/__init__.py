"""The command line: arguments → one library call → print. Data to stdout, talk to stderr."""

import sys

import typer

from planparse.cli import batch, checking, reading, research, rules  # noqa: F401  each registers its commands
from planparse.cli.program import app as app


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
