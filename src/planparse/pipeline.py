"""One file's way through the stages, top to bottom; the file to read first."""

import hashlib
import os
from pathlib import Path

from planparse.balance import balance
from planparse.checks import collect_diagnostics, flag_facts
from planparse.document import Document
from planparse.extractors import read
from planparse.facts.collect import collect_facts
from planparse.grammar import Grammar, load_grammar
from planparse.models import BackMatter, DiscardedText, FrontMatter, Plan, Section, Source
from planparse.models.limits import Limits
from planparse.structure.contents import fold
from planparse.structure.front_matter import collect_front_matter
from planparse.structure.regions import front_with_region
from planparse.structure.tree import build_tree
from planparse.structure.walk import Tree
from planparse.version import __version__


def parse(
    path: str | os.PathLike[str], *, grammar: Grammar | None = None, password: str | None = None, limits: Limits | None = None
) -> Plan:
    """Read one published plan (text, Word, PDF, web page, OFD, scan: told apart by content) into a `Plan`.

    Raises UnreadableFile or MissingTool, with one sentence, where there is no text to be had; once there is a Document
    it never raises: what cannot be placed is a paragraph. The same bytes, grammar and version give the same Plan.
    `password` opens an encrypted PDF; `limits` say how large a file may be, and never what is read of it.
    """
    rules = grammar or load_grammar()
    return document_to_plan(read(Path(path), grammar=rules, password=password, limits=limits), rules)


def document_to_plan(document: Document, grammar: Grammar) -> Plan:
    """Stages 2 and 3 on what stage 1 gave."""
    tree = build_tree(document, grammar)
    front = front_with_region(collect_front_matter(tree, document, grammar))
    facts = collect_facts(tree, document, front, grammar)
    coverage, unbalanced = balance(document, tree)
    diagnostics = [*unbalanced, *collect_diagnostics(document, tree, front, facts, grammar)]
    flagged = flag_facts(facts, diagnostics)
    return Plan(
        id=document.origin.sha256[:16],
        work=_work(front, tree),
        source=_source(document, grammar),
        front_matter=front,
        body=tree.body,
        back_matter=BackMatter(content=tree.back),
        contents=tree.contents,
        indicators=flagged.indicators,
        responsibilities=flagged.responsibilities,
        tasks=flagged.tasks,
        commitments=flagged.commitments,
        projects=flagged.projects,
        citations=flagged.citations,
        glossary=flagged.glossary,
        unclaimed=flagged.unclaimed,
        diagnostics=diagnostics,
        discarded=[DiscardedText(text=d.text, reason=d.reason, page=d.page, line=d.line) for d in document.discarded],
        coverage=coverage,
        text=document.text,
    )


def _work(front: FrontMatter, tree: Tree) -> str:
    """The same plan in two files has the same hash: title, period and the titles of the level-1 sections, folded."""
    period = front.period
    titles = [s.title for s in tree.body if isinstance(s, Section) and not s.duplicate_of]
    words = [front.title or "", str(period.start if period else ""), str(period.end if period else ""), *titles]
    return hashlib.sha256("\n".join(map(fold, words)).encode()).hexdigest()[:16]


def _source(document: Document, grammar: Grammar) -> Source:
    origin = document.origin
    return Source(
        name=origin.name, format=origin.format, sha256=origin.sha256, bytes=origin.bytes, pages=origin.pages,
        encoding=origin.encoding, extractor=origin.extractor, grammar=grammar.digest, planparse=__version__,
    )  # fmt: skip
