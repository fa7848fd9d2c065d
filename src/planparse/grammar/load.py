"""grammars/*.yaml → Grammar, strictly; the only validator of grammar files."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import regex
import yaml
from pydantic import ValidationError

from planparse.errors import BadGrammar
from planparse.grammar.compiled import CompiledRule
from planparse.grammar.match import Grammar
from planparse.grammar.schema import GrammarFile, Only, Order

TERM = regex.compile(r"\$\{([a-z0-9_]+)\}")
LIST = regex.compile(r"\\L<([a-z0-9_]+)>")
TERMS_FILE = "_terms"


class _StrictLoader(yaml.CSafeLoader):
    """PyYAML's C loader; a key that stands twice in one mapping is an error, not the last one's win."""


def _mapping_once(loader: _StrictLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_once)


@cache
def find_grammars() -> Path:
    """The folder of the shipped grammar files: inside the installed package, or beside src/ in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "grammars", package.parent.parent / "grammars"):
        if (folder / "plan.yaml").is_file():
            return folder
    raise BadGrammar(f"{package}: the shipped grammar files are missing; install planparse again")


def load_grammar(*folders: str | os.PathLike[str]) -> Grammar:
    """The shipped grammar with the files in `folders` laid over it, in order.

    A file in a folder that has the name of a shipped one adds to it: its rules come first, a rule of the same id takes
    the place of ours, its terms are added to ours or take their place. Its vocabularies add words to ours: a word that
    stood under another name of the same vocabulary leaves it, and `only` clears an entry first.
    Raises BadGrammar with file and rule where a file breaks the format; the same arguments give the same value.
    """
    return _load((find_grammars(), *(Path(f).resolve() for f in folders)))


@lru_cache(maxsize=16)
def _load(folders: tuple[Path, ...]) -> Grammar:
    digest = hashlib.sha256()
    order: list[str] = []
    files: dict[str, GrammarFile] = {}
    places: dict[str, str] = {}
    for folder in folders:
        if not folder.is_dir():
            raise BadGrammar(f"{folder}: no such folder; name a folder with grammar files (*.yaml)")
        found = sorted(folder.glob("*.yaml"))
        if not found:
            raise BadGrammar(f"{folder}: no grammar file (*.yaml) in it")
        for path in found:
            data = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + data + b"\0")
            if path.stem == "plan":
                order = list(dict.fromkeys([*order, *_model(Order, path, data).order]))
                continue
            file = _model(GrammarFile, path, data)
            if file.name != path.stem.lstrip("_"):
                raise BadGrammar(f"{path}: its name is {file.name!r}; it must be the file's own ({path.stem.lstrip('_')!r})")
            files[path.stem] = _lay_over(files[path.stem], file) if path.stem in files else file
            places |= {f"{file.name}.{rule.id}": str(path) for rule in file.rules}
    for name in order:
        if name not in files:
            raise BadGrammar(f"{folders[-1] / 'plan.yaml'}: names {name!r}, and there is no {name}.yaml")
    names = [*order, *(n for n in files if n not in order and n != TERMS_FILE)]
    # Ours are compiled when they are used and tested by their examples; a user's are compiled here, to be refused here.
    trusted = str(folders[0])
    return _compile(names, files, places, digest.hexdigest()[:16], trusted=trusted if len(folders) > 1 else None)


def _model(kind: type[Any], path: Path, data: bytes) -> Any:
    try:
        raw = yaml.load(data.decode("utf-8"), Loader=_StrictLoader)
        return kind.model_validate(raw)
    except UnicodeDecodeError:
        raise BadGrammar(f"{path}: is not UTF-8; save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise BadGrammar(f"{path}: is not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "the file"
        raise BadGrammar(f"{path}: {place}: {first['msg']} ({error.error_count()} in all)") from None
    except RecursionError:
        raise BadGrammar(f"{path}: is nested too deeply") from None


def _lay_over(ours: GrammarFile, theirs: GrammarFile) -> GrammarFile:
    own = {rule.id for rule in theirs.rules}
    vocabularies = {
        **ours.vocabularies,
        **{name: _add_words(ours.vocabularies.get(name, {}), entries) for name, entries in theirs.vocabularies.items()},
    }
    return GrammarFile(
        name=ours.name,
        about=theirs.about,
        terms={**ours.terms, **theirs.terms},
        vocabularies=vocabularies,
        rules=[*theirs.rules, *(rule for rule in ours.rules if rule.id not in own)],
    )


def _add_words(ours: Mapping[str, list[str] | Only], theirs: Mapping[str, list[str] | Only]) -> dict[str, list[str] | Only]:
    """One vocabulary with the words of another: each word under the name that the later file gives it."""
    words = {canonical: _words(entry) for canonical, entry in ours.items()}
    for canonical, entry in theirs.items():
        kept = [] if isinstance(entry, Only) else words.get(canonical, [])
        given = _words(entry)
        for word in given:
            # A name that becomes another's form brings its own forms along.
            given += [] if word == canonical else words.pop(word, [])
        for name in words:
            words[name] = [word for word in words[name] if word not in given and word != canonical]
        words[canonical] = list(dict.fromkeys([*kept, *given]))
    return dict(words)


def _words(entry: list[str] | Only) -> list[str]:
    return list(entry.only if isinstance(entry, Only) else entry)


def _compile(
    names: Sequence[str], files: Mapping[str, GrammarFile], places: Mapping[str, str], digest: str, *, trusted: str | None
) -> Grammar:
    shared = files[TERMS_FILE].terms if TERMS_FILE in files else {}
    vocabularies: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, file in files.items():
        for word, entries in file.vocabularies.items():
            if word in vocabularies:
                raise BadGrammar(f"{name}.yaml: the vocabulary {word!r} stands in another file too")
            vocabularies[word] = {canonical: tuple(_words(entry)) for canonical, entry in entries.items()}
    aliases = {name: _aliases(entries) for name, entries in vocabularies.items()}
    lists = {name: list(words) for name, words in aliases.items()}
    compiled: dict[str, tuple[CompiledRule, ...]] = {}
    for name in names:
        file = files[name]
        terms = {**shared, **file.terms}
        rules = []
        for rule in file.rules:
            full = f"{file.name}.{rule.id}"
            where = f"{places.get(full, name)}: rule {full}"
            source = _fill(rule.pattern, terms, where)
            for used in LIST.findall(source):
                if used not in lists:
                    raise BadGrammar(f"{where}: \\L<{used}> names no vocabulary")
            made = CompiledRule(full, rule, source, places.get(full, name), lists)
            if trusted is not None and not made.file.startswith(trusted):
                check_rule(made)
            rules.append(made)
        compiled[file.name] = tuple(rules)
    return Grammar(digest, compiled, vocabularies, aliases)


def _aliases(entries: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {canonical: canonical for canonical in entries}
    for canonical, others in entries.items():
        for other in others:
            found.setdefault(other, canonical)
    return found


def _fill(pattern: str, terms: Mapping[str, str], where: str, depth: int = 0) -> str:
    if depth > 10:
        raise BadGrammar(f"{where}: its terms name each other in a ring")

    def term(found: "regex.Match[str]") -> str:
        name = found.group(1)
        if name not in terms:
            raise BadGrammar(f"{where}: ${{{name}}} is no term")
        return f"(?:{_fill(terms[name], terms, where, depth + 1)})"

    filled = TERM.sub(term, pattern)
    if "${" in filled:
        raise BadGrammar(f"{where}: a ${{term}} is misspelt in {pattern!r}")
    return filled


def check_rule(made: CompiledRule) -> None:
    """Raise BadGrammar where a rule's pattern does not compile or an example names a field that it does not give."""
    where = f"{made.file}: rule {made.name}"
    try:
        groups = set(made.pattern.groupindex)
    except regex.error as error:
        raise BadGrammar(f"{where}: the pattern does not compile: {error}") from None
    known = groups | set(made.rule.set)
    for example in made.rule.examples:
        for key in example.fields:
            if key not in known:
                raise BadGrammar(f"{where}: the example {example.text!r} names {key!r}, which the rule does not give")
