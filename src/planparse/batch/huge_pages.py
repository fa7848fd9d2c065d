"""The memory of a process that lives long, moved into huge pages: looking up pages is 2 to 15 % of reading a plan.

A plan is hundreds of thousands of small objects; in pages of 4 KB the processor's table of pages (TLB) holds a part of them,
and on a virtual machine each miss is two walks. Linux 6.1 and later puts what is there into pages of 2 MB when it is asked
(madvise(2): MADV_HUGEPAGE, MADV_COLLAPSE). Elsewhere nothing is done, and nothing is lost.
"""

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

MADV_HUGEPAGE, MADV_COLLAPSE = 14, 25
SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")
SIZE = Path("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size")
MAPS = Path("/proc/self/smaps")
HEAP = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p 0+ 00:00 0 *(?:\[(?:heap|anon:[^\]\n]*)\])?\n(?:[^-\n]*\n)*?Rss: +(\d+) kB", re.M
)
TUNABLE = "glibc.malloc.hugetlb=1"
"""Has glibc ask for huge pages where its heap grows (GLIBC_TUNABLES; glibc 2.35 and later)."""


def move_to_huge_pages() -> int:
    """Move the heap of this process into huge pages; gives the bytes that lie in such, 0 where the system has none.

    What is mapped and mostly unused stays as it is: it would only take memory.
    """
    moved = 0
    try:
        if "[never]" in SETTING.read_text():
            return 0
        size = int(SIZE.read_text())
        advise = ctypes.CDLL(None).madvise
        for first, last in _heaps(MAPS.read_text(), size):
            start, length = ctypes.c_void_p(first), ctypes.c_size_t(last - first)
            advise(start, length, MADV_HUGEPAGE)
            moved += (last - first) * (advise(start, length, MADV_COLLAPSE) == 0)
    except (OSError, AttributeError, ValueError):  # not Linux, or closed to this process
        return moved
    return moved


def _heaps(maps: str, size: int) -> Iterator[tuple[int, int]]:
    """The places of whole huge pages in the anonymous memory that is mostly used."""
    for found in HEAP.finditer(maps):
        first, last = int(found[1], 16), int(found[2], 16)
        if int(found[3]) * 1024 * 2 < last - first:
            continue
        first, last = -(-first // size) * size, last // size * size
        if first < last:
            yield first, last
