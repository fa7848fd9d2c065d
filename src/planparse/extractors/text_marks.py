"""Marks of notes that a dump left as plain digits: 15.7 with the mark 4 is printed 15.74."""

from dataclasses import replace

import regex

from planparse.extractors.text_flat import FlatTable

COUNTED = regex.compile(r"(?<![0-9.．])([0-9]{1,2})[.．、](?![0-9])")
IN_WORDS = regex.compile(r"(?<=[\p{Han}）)〕］\]])([0-9]{1,2})(?=\p{Han}|$)")


def settle_marks(text: str, table: FlatTable, notes: str) -> FlatTable:
    """The table with `marks` where the notes tell that a figure's last digit is one.

    The notes count 1, 2, 3 …; all their numbers but one stand in names and headers, and one figure alone, cut from the
    one behind it, ends in that number as a decimal of its own: then it is the mark.
    """
    numbers = {int(n) for n in COUNTED.findall(notes)}
    if len(numbers) < 3 or numbers != set(range(1, len(numbers) + 1)):
        return table
    words = [text[c.start : c.end] for c in table.header.cells] + [text[slice(*row.name)] for row in table.rows]
    missing = numbers - {int(n) for word in words for n in IN_WORDS.findall(word)}
    if len(missing) != 1:
        return table
    mark = str(missing.pop())
    found = [
        (at, n)
        for at, row in enumerate(table.rows)
        for n, (place, after) in enumerate(zip(row.values, row.values[1:], strict=False))
        if place[1] == after[0] and regex.fullmatch(rf"[0-9]+\.[0-9]+{mark}", text[slice(*place)]) and text[after[0]].isdigit()
    ]
    if len(found) != 1:
        return table
    at, n = found[0]
    rows = list(table.rows)
    rows[at] = replace(rows[at], marks={n: rows[at].values[n][1] - len(mark)})
    return replace(table, rows=tuple(rows))
