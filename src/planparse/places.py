"""Where files are: a path of this machine, or the address of a store that fsspec knows (s3://, oss://, memory:// …).

The stores' own packages (s3fs, ossfs …) are imported when an address of theirs is used; how a store is reached (keys,
endpoint) is its package's matter, from the environment or fsspec's configuration, and never part of an address.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import Any
from urllib.parse import unquote

from planparse.errors import MissingTool, UnreadableFile, UnreadableOutput, WrongUsage

ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+)://(.*)", re.DOTALL)
WHOLE = frozenset({"s3", "s3a", "oss", "gs", "gcs", "az", "abfs", "abfss", "memory"})
"""Stores where an object is there whole or not at all; in others a file is written aside and moved into its place."""
EXTRAS = {"s3": "s3", "s3a": "s3", "oss": "oss"}
TAGS = ("ETag", "etag", "md5Hash", "content_md5")
"""What a listing calls the tag that changes whenever the bytes do."""


@dataclass(frozen=True, slots=True, order=True)
class Url:
    """A file or folder in a store, as fsspec spells its address, without a slash at the end."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, below: str | PurePath) -> "Url":
        return self if str(below) == "." else Url(f"{self.text}/{below}")

    @property
    def name(self) -> str:
        """The last part."""
        return self.text.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """The last part without its suffix."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The last part's suffix, with its point."""
        return PurePosixPath(self.name).suffix


Place = Path | Url


@dataclass(frozen=True, slots=True)
class Held:
    """A file that a store's listing names: its size, and its tag where the store has one."""

    place: Url
    below: PurePosixPath
    size: int
    tag: str | None


def to_place(written: str | os.PathLike[str] | Url) -> Place:
    """A path, or a store's address; `file://` is a path.

    Raises WrongUsage for an address that holds a password or is of a kind that fsspec does not know, MissingTool without
    the package that its kind needs.
    """
    if isinstance(written, Url):
        return written
    found = ADDRESS.fullmatch(os.fspath(written))
    if not found:
        return Path(written)
    kind, rest = found.groups()
    if kind in ("file", "local"):
        return Path(unquote(rest))
    if "@" in rest.partition("/")[0]:
        raise WrongUsage(f"{kind}://…: keys do not belong into an address; set them in the environment")
    files = store(Url(found[0]))
    return Url(files.unstrip_protocol(files._strip_protocol(found[0])).rstrip("/"))


def store(url: Url) -> Any:
    """The fsspec file system of an address; nothing of it is cached, since others write there too."""
    kind = url.text.partition("://")[0]
    try:
        import fsspec

        return fsspec.core.url_to_fs(url.text, use_listings_cache=False)[0]
    except ImportError as error:
        packages = f"planparse[{EXTRAS[kind]}]" if kind in EXTRAS else "fsspec"
        raise MissingTool(f"{kind}:// needs another package ({_words(error)}): pip install '{packages}'") from None
    except ValueError:
        raise WrongUsage(f"{url}: fsspec knows no {kind}://; name a folder, or an address like s3://bucket/plans") from None


def is_shared(written: str | os.PathLike[str]) -> bool:
    """Whether a path was written as file://, which says that every machine of a cluster sees it."""
    return os.fspath(written).startswith(("file://", "local://"))


def source_of(place: Place) -> str:
    """The absolute path or the address, by which the ledger knows a file."""
    return os.path.abspath(place) if isinstance(place, Path) else place.text


def exists(place: Place) -> bool:
    """Whether a file or folder is there. Raises UnreadableFile where its store does not answer."""
    if isinstance(place, Path):
        return place.exists()
    with _reading(place):
        return bool(store(place).exists(place.text))


def is_folder(place: Place) -> bool:
    """Whether a place is a folder. Raises UnreadableFile where its store does not answer."""
    if isinstance(place, Path):
        return place.is_dir()
    with _reading(place):
        return bool(store(place).isdir(place.text))


def files_below(url: Url) -> Iterator[Held]:
    """All files in a store's folder and below it, in the order of their addresses, by one listing; or the one file.

    Raises UnreadableFile where the store does not answer.
    """
    with _reading(url):
        files = store(url)
        root = files._strip_protocol(url.text).rstrip("/")
        listing = files.find(root, detail=True)
    for name in sorted(listing):
        told = listing[name]
        if told.get("type", "file") == "file":
            below = PurePosixPath(name.removeprefix(root).lstrip("/"))
            yield Held(Url(files.unstrip_protocol(name)), below, int(told.get("size") or 0), tag_of(told))


def tag_of(told: dict[str, Any]) -> str | None:
    """The tag in what a store tells of a file, with its size; None where the store has none."""
    tag = next((str(told[key]) for key in TAGS if told.get(key)), None)
    return None if tag is None else f"{tag.strip(chr(34))}:{told.get('size')}"


def stat(url: Url) -> dict[str, Any] | None:
    """What a store tells of a file; None where it is not there. Raises UnreadableFile where it does not answer."""
    try:
        with _reading(url):
            return dict(store(url).info(url.text))
    except UnreadableFile as error:
        if error.code == "missing":
            return None
        raise


def read_bytes(place: Place) -> bytes:
    """The bytes of a file. Raises UnreadableFile, for what is in a store, with one sentence."""
    if isinstance(place, Path):
        return place.read_bytes()
    with _reading(place):
        return bytes(store(place).cat_file(place.text))


def write_bytes(url: Url, data: bytes) -> None:
    """Write a file in a store whole or not at all. Raises UnreadableOutput with one sentence."""
    with _writing(url):
        files = store(url)
        if url.text.partition("://")[0] in WHOLE:
            files.pipe_file(url.text, data)
            return
        folder, _, name = url.text.rpartition("/")
        aside = f"{folder}/.{name[:80]}.{os.getpid()}.part"
        files.makedirs(folder, exist_ok=True)
        files.pipe_file(aside, data)
        files.mv(aside, url.text)


def digest(place: Place) -> str | None:
    """The sha256 of a file; None where it cannot be read."""
    try:
        if isinstance(place, Path):
            with place.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        return hashlib.sha256(read_bytes(place)).hexdigest()
    except (OSError, UnreadableFile):
        return None


@contextmanager
def _reading(url: Url) -> Iterator[None]:
    try:
        yield
    except (MissingTool, WrongUsage):
        raise
    except FileNotFoundError:
        raise UnreadableFile(f"{url}: no such file; check the address", code="missing") from None
    except Exception as error:  # each store has its own: botocore's are no OSError
        raise UnreadableFile(f"{url}: the store does not give it ({_words(error)}); try again", code="unreachable") from None


@contextmanager
def _writing(url: Url) -> Iterator[None]:
    try:
        yield
    except (MissingTool, WrongUsage):
        raise
    except Exception as error:
        raise UnreadableOutput(f"{url}: cannot be written ({_words(error)}); choose another --out, or try again") from None


def _words(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
