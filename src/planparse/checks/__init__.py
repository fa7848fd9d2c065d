"""Tree + facts → diagnostics: what is wrong with the plan, or with the reading of it. Every code stands in CODES."""

from planparse.checks.codes import CODES, Code, diagnostic, diagnostics_page
from planparse.checks.collect import collect_diagnostics
from planparse.checks.flags import flag_facts

__all__ = ["CODES", "Code", "collect_diagnostics", "diagnostic", "diagnostics_page", "flag_facts"]
