"""Commands that look at one file: its tree, its text, how it was read."""

import sys
from typing import Annotated, Literal

import typer

from planparse.cli.program import (
    GrammarOption,
    LangOption,
    LimitOption,
    PasswordOption,
    PlanArgument,
    SourceArgument,
    app,
    console,
    limits_of,
    words_in,
)


@app.command()
def show(
    file: PlanArgument,
    facts: Annotated[bool, typer.Option("--facts", help="The facts too, as tables.")] = False,
    depth: Annotated[int | None, typer.Option(min=1, help="Levels of headings.")] = None,
    by: Annotated[Literal["agency"] | None, typer.Option("--by", help="Who does what instead: a body a row.")] = None,
    grammar: GrammarOption = None,
    password: PasswordOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Show the tree of a plan, and its facts."""
    from planparse.batch.commands import open_plan
    from planparse.output.by_agency import plan_to_agency_table
    from planparse.output.terminal import plan_to_tables, plan_to_tree

    words = words_in(lang)
    plan, screen = open_plan(file, grammar or (), password=password, limits=limits_of(limit)), console(wide=True)
    if by:
        screen.print(plan_to_agency_table(plan, words=words))
        return
    screen.print(plan_to_tree(plan, depth=depth, words=words))
    for table in plan_to_tables(plan, words=words) if facts else ():
        screen.print()
        screen.print(table)


@app.command()
def text(
    file: SourceArgument,
    grammar: GrammarOption = None,
    password: PasswordOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Print the text of a file as stage 1 reads it: one paragraph a line, table cells parted by TAB."""
    from planparse.extractors import read
    from planparse.grammar import load_grammar

    words_in(lang)
    document = read(file, grammar=load_grammar(*(grammar or ())), password=password, limits=limits_of(limit))
    sys.stdout.write(document.text + "\n")


@app.command()
def explain(
    file: SourceArgument,
    line: Annotated[int | None, typer.Option(min=1, help="Only this line of the source.")] = None,
    grammar: GrammarOption = None,
    password: PasswordOption = None,
    limit: LimitOption = None,
    lang: LangOption = None,
) -> None:
    """Show how each paragraph was read: its candidates, the rule that won, its fields."""
    from planparse.extractors import read
    from planparse.grammar import load_grammar
    from planparse.output.explain import explain_document
    from planparse.pipeline import document_to_plan

    rules, words = load_grammar(*(grammar or ())), words_in(lang)
    document = read(file, grammar=rules, password=password, limits=limits_of(limit))
    for said in explain_document(document, rules, document_to_plan(document, rules), line=line, words=words):
        typer.echo(said)
