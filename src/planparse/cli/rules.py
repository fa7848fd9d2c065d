"""Commands about the shape of the data and the rules that give it."""

from pathlib import Path
from typing import Annotated

import typer

from planparse.cli.program import LangOption, app, grammar_app, words_in


@app.command()
def schema(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether schemas/ is current.")] = False,
    folder: Annotated[Path | None, typer.Option("--dir", help="The folder of the schemas.")] = None,
    lang: LangOption = None,
) -> None:
    """Print the JSON Schema of a plan; with --dir write all schemas there; with --check hold them against the models."""
    from planparse.models import Plan
    from planparse.output.schemas import schema_text, sync_schemas

    if not check and folder is None:
        typer.echo(schema_text(Plan), nl=False)
        return
    stale = sync_schemas(folder or Path("schemas"), check=check)
    if check and stale:
        said = words_in(lang).gettext("not current: {names}; run `planparse schema --dir schemas`")
        typer.echo(said.format(names=", ".join(stale)), err=True)
        raise typer.Exit(1)


@app.command()
def migrate(
    path: Annotated[Path, typer.Argument(help="A plan's JSON or YAML, or a folder of plans.")], lang: LangOption = None
) -> None:
    """Bring plans of earlier schema versions to the newest; those that have it stay as they are."""
    from planparse.output.migrate import migrate_files, migrated_to_line

    failed, words = False, words_in(lang)
    for migrated in migrate_files(path):
        typer.echo(migrated_to_line(migrated, words=words), err=migrated.error is not None)
        failed |= migrated.error is not None
    raise typer.Exit(1 if failed else 0)


@grammar_app.command("list")
def grammar_list(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders laid over the shipped rules.")] = None,
    lang: LangOption = None,
) -> None:
    """Print every rule: its full name, what it gives, and its first example."""
    from planparse.grammar import load_grammar

    words_in(lang)
    for rules in load_grammar(*(folders or ())).files.values():
        for rule in rules:
            typer.echo(f"{rule.name}\t{rule.rule.gives}\t{rule.rule.examples[0].text}")


@grammar_app.command("test")
def grammar_test(
    folders: Annotated[list[Path] | None, typer.Argument(help="Folders laid over the shipped rules.")] = None,
    lang: LangOption = None,
) -> None:
    """Run every rule against its own examples and rejects."""
    from planparse.grammar import load_grammar
    from planparse.output.sentences import sentence_of

    words = words_in(lang)
    grammar = load_grammar(*(folders or ()))
    failures = grammar.test()
    for failure in failures:
        typer.echo(sentence_of(failure, words), err=True)
    said = words.gettext("{rules} rules, {failures} failures")
    typer.echo(said.format(rules=sum(map(len, grammar.files.values())), failures=len(failures)), err=True)
    raise typer.Exit(1 if failures else 0)
