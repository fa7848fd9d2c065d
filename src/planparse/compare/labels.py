"""What a plan is called in a comparison: its file's stem, lengthened until no two are the same."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from planparse.models import ComparedPlan, Plan


def paths_to_labels(paths: Sequence[Path]) -> list[str]:
    """One label a path, in order, all distinct: the stem; else the name; else with folders before it; else numbered.

    >>> paths_to_labels([Path("a/云溪.txt"), Path("b/云溪.txt"), Path("青岚.pdf"), Path("青岚.docx")])
    ['a/云溪.txt', 'b/云溪.txt', '青岚.pdf', '青岚.docx']
    """
    labels = [p.stem for p in paths]
    for depth in range(1, 2 + max((len(p.parts) for p in paths), default=0)):
        counts = Counter(labels)
        labels = ["/".join(p.parts[-depth:]) if counts[label] > 1 else label for p, label in zip(paths, labels)]
    given: set[str] = set()
    distinct = []
    for label in labels:
        name, number = label, 1
        while name in given or (number > 1 and name in labels):
            number += 1
            name = f"{label}-{number}"
        given.add(name)
        distinct.append(name)
    return distinct


def plan_to_compared(plan: Plan, label: str) -> ComparedPlan:
    """What a comparison says of a plan itself."""
    front = plan.front_matter
    return ComparedPlan(
        plan=label,
        id=plan.id,
        title=front.title,
        region=front.region,
        period=front.period,
        status=front.status,
        source=plan.source.name,
    )
