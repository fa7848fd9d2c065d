"""What `planparse check` demands of plans: the policy, hand-verified facts, and the comparison with earlier results.

The results are models (models/policy.py); output prints them, batch reads the files.
"""

from planparse.policy.against import compare_rows, plan_to_rows, sum_by_rule
from planparse.policy.config import read_expectations, read_policy
from planparse.policy.demands import plan_to_findings
from planparse.policy.expect import match_expected, plan_to_differences
from planparse.settings_file import find_config

__all__ = [
    "compare_rows", "find_config", "match_expected", "plan_to_differences", "plan_to_findings", "plan_to_rows",
    "read_expectations", "read_policy", "sum_by_rule",
]  # fmt: skip
