"""Plans beside each other: `compare_plans` aligns figures by meaning, `diff_plans` tells what changed between two.

Both give models (planparse.models.comparison) and print nothing; which words decide what is counted stands in
grammars/concepts.yaml.
"""

from planparse.compare.alignment import compare_plans
from planparse.compare.difference import diff_plans
from planparse.compare.labels import paths_to_labels

__all__ = ["compare_plans", "diff_plans", "paths_to_labels"]
