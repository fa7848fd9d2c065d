"""Words on a page that are none of its lines: turned by a quarter, stacked beside or over them, or laid over them large.

Seals set upright in the margin, 征求意见稿 across the page, a keeper's note along the edge. What is turned or stacked in a
ruled cell is the cell's; a title set upright on a page of its own is a line.
"""

from collections.abc import Sequence
from dataclasses import replace

from planparse.extractors.pdf_page import Fragment, PageText
from planparse.extractors.pdf_rulings import Edge
from planparse.extractors.pdf_tables import page_to_tables

# A stack: at least three characters of one size, one under another, and hardly one of them on the line of other words.
MIN_STACK, SAME_X, SAME_SIZE, STEP = 3, 1.5, 0.05, (0.8, 1.8)
SAME_LINE, MOST_ALONE = 0.15, 0.5
# In points and times the size of what lies under it: titles are 22 points, marks over a page 40 and more.
LARGE, LARGER = 28.0, 1.7
UNDER = 1
MIDDLE = 0.35


def without_marks(text: PageText, edges: Sequence[Edge], number: int) -> PageText:
    """The page without words that are none of its lines; they are among its watermarks.

    On all but a few pages there is nothing to be looked at, and the page comes back as it is.
    """
    fragments = text.fragments
    single = [f for f in fragments if f.last - f.first == 1]
    stacks = find_stacks(single) if len(single) >= MIN_STACK else []
    large = [f for f in fragments if f.size >= LARGE]
    if not (text.turned or stacks or large):
        return text
    rims = [(t.xs[0], t.top, t.xs[-1], t.bottom) for t in page_to_tables(text, edges, number).tables]

    def is_in_table(fragment: Fragment) -> bool:
        x, y = (fragment.x0 + fragment.x1) / 2, fragment.y - MIDDLE * fragment.size
        return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in rims)

    turned = join_turned(text.turned, text.text)
    marks = [f.text for f in turned if not is_in_table(f)]
    kept = [*fragments, *(f for f in turned if is_in_table(f))]
    for stack in stacks:
        if is_in_table(stack[0]):
            continue
        others = [f for f in fragments if f not in stack]
        kind = stack_to_kind(stack, others)
        words = "".join(f.text for f in stack)
        if kind != "words":
            kept = [f for f in kept if f not in stack]
        if kind == "mark":
            marks.append(words)
        elif kind == "title":
            kept.append(stack[0]._replace(text=words, x1=stack[0].x0 + len(words) * stack[0].size))
    for row in _rows([f for f in large if f in kept and not is_in_table(f)]):
        under = [f for f in kept if f not in row and any(_covers(big, f) for big in row)]
        if len(under) >= UNDER:
            marks.append("".join(f.text for f in row))
            kept = [f for f in kept if f not in row]
    return replace(text, fragments=kept, turned=[], watermarks=[*text.watermarks, *marks])


def find_stacks(single: Sequence[Fragment]) -> list[list[Fragment]]:
    """Single characters that stand one under another, from the top down."""
    stacks: list[list[Fragment]] = []
    run: list[Fragment] = []
    for fragment in [*sorted((f for f in single if f.text >= "\u2e80"), key=lambda f: (round(f.x0 / SAME_X), f.y)), None]:
        if run and (fragment is None or not _is_below(run[-1], fragment)):
            if len(run) >= MIN_STACK:
                stacks.append(run)
            run = []
        if fragment is not None:
            run.append(fragment)
    return stacks


def _is_below(upper: Fragment, lower: Fragment) -> bool:
    size = upper.size
    return (
        abs(lower.x0 - upper.x0) <= SAME_X
        and abs(lower.size - size) <= SAME_SIZE * size
        and STEP[0] * size <= lower.y - upper.y <= STEP[1] * size
    )


def stack_to_kind(stack: Sequence[Fragment], others: Sequence[Fragment]) -> str:
    """What a stack is: `words` of the lines that it stands on, a `mark` beside or over lines, a `title` with none beside it."""
    size = stack[0].size
    top, bottom = stack[0].y - size, stack[-1].y
    beside = [f for f in others if top < f.y < bottom + f.size]
    on_lines = sum(any(abs(f.y - s.y) <= SAME_LINE * size for f in beside) for s in stack)
    if on_lines > MOST_ALONE * len(stack):
        return "words"
    page = others if len(others) >= MIN_STACK else beside
    if page and (stack[0].x1 <= min(f.x0 for f in page) or stack[0].x0 >= max(f.x1 for f in page)):
        return "mark"
    if not beside:
        return "title"
    over = any(f.x0 < s.x1 and f.x1 > s.x0 and abs(f.y - s.y) < size for s in stack for f in beside)
    return "mark" if over else "words"


def _rows(large: Sequence[Fragment]) -> list[list[Fragment]]:
    """Large words by line."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(large, key=lambda f: (f.y, f.x0)):
        if rows and fragment.y - rows[-1][-1].y <= SAME_LINE * fragment.size:
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return rows


def _covers(large: Fragment, other: Fragment) -> bool:
    """Whether a large word lies over another: their squares meet, and it is larger by far."""
    return (
        large.size >= LARGER * other.size
        and other.x0 < large.x1
        and other.x1 > large.x0
        and other.y > large.y - 0.8 * large.size
        and other.y - 0.7 * other.size < large.y
    )


def join_turned(turned: Sequence[Fragment], text: str) -> list[Fragment]:
    """Characters turned by a quarter, in the file's order, as words; each stands in the middle of its own."""
    words: list[list[Fragment]] = []
    for fragment in turned:
        last = words[-1][-1] if words else None
        if last and last.last == fragment.first and abs(last.size - fragment.size) <= SAME_SIZE * last.size:
            words[-1].append(fragment)
        else:
            words.append([fragment])
    return [
        word[0]._replace(
            last=word[-1].last,
            text=text[word[0].first : word[-1].last],
            x0=min(f.x0 for f in word),
            x1=max(f.x1 for f in word),
            y=(word[0].y + word[-1].y) / 2 + MIDDLE * word[0].size,
        )
        for word in words
        if text[word[0].first : word[-1].last].strip()
    ]
