"""Compiles the .po catalogues into the .mo files that the package reads; with --check only tells which are not current.

It needs no gettext tools. The format is that of the GNU gettext manual, 10.3; entries are sorted, so that the same .po
gives the same bytes.
"""

import ast
import struct
import sys
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "src" / "planparse" / "locale"
MAGIC = 0x950412DE


def po_to_entries(text: str) -> dict[str, str]:
    """Message (with its context, as gettext joins them: context, EOT, message) → translation; the head is under ''.

    Raises ValueError for a message that stands there twice.
    """
    entries: dict[str, str] = {}
    fields: dict[str, str] = {}
    now = ""
    for line in [*text.splitlines(), ""]:
        if line.startswith("msg"):
            now, _, quoted = line.partition(" ")
            fields[now] = ast.literal_eval(quoted)
        elif line.startswith('"'):
            fields[now] += ast.literal_eval(line)
        elif not line.strip() and "msgid" in fields:
            key = f"{fields['msgctxt']}\x04{fields['msgid']}" if "msgctxt" in fields else fields["msgid"]
            if key in entries:
                raise ValueError(f"twice: {key!r}")
            entries[key] = fields["msgstr"]
            fields = {}
    return entries


def entries_to_mo(entries: dict[str, str]) -> bytes:
    """The binary catalogue."""
    pairs = sorted((key.encode(), said.encode()) for key, said in entries.items() if said)
    heads, place = [], 28 + 16 * len(pairs)
    strings = [key for key, _ in pairs] + [said for _, said in pairs]
    for string in strings:
        heads.append(struct.pack("<2I", len(string), place))
        place += len(string) + 1
    head = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + b"".join(heads) + b"".join(string + b"\0" for string in strings)


def sync(folder: Path, *, check: bool) -> list[Path]:
    """Write each .mo beside its .po, or with `check` only tell; gives those that differ."""
    stale = []
    for source in sorted(folder.rglob("*.po")):
        made, place = entries_to_mo(po_to_entries(source.read_text(encoding="utf-8"))), source.with_suffix(".mo")
        if not place.exists() or place.read_bytes() != made:
            stale.append(place)
            if not check:
                place.write_bytes(made)
    return stale


if __name__ == "__main__":
    only_told = "--check" in sys.argv[1:]
    for path in sync(LOCALE, check=only_told):
        sys.stderr.write(f"{path}: {'not current; run python docs/catalogue.py' if only_told else 'written'}\n")
        sys.exit(1) if only_told else None
