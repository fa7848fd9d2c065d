"""A plan and the policy → findings: its diagnostics, weighed, and the share of what became no fact."""

from planparse.checks import CODES, diagnostic
from planparse.models import Diagnostic, Plan, Unclaimed
from planparse.models.policy import Finding, FindingLevel, Policy
from planparse.policy.config import code_matches
from planparse.policy.sentences import finding

LOST = "balance.lost"
NO_PLAN = ("document.no-plan", "document.no-sections")
LEVELS: dict[str, FindingLevel] = {"error": "error", "warning": "warning", "info": "note"}


def plan_to_findings(plan: Plan, policy: Policy) -> list[Finding]:
    """Every diagnostic that is not ignored, in the plan's order, and whether it fails the plan.

    A failing finding has level `error`, whatever its severity. Characters that are lost are a finding even in a plan
    that carries no diagnostic for them.
    """
    said = list(plan.diagnostics)
    if plan.coverage.lost and not any(d.code == LOST for d in said):
        said.insert(0, diagnostic(LOST, count=plan.coverage.lost, sample="?"))
    findings = [_diagnostic_to_finding(d, policy) for d in said if not code_matches(d.code, policy.ignore)]
    return [*findings, *_unclaimed(plan, policy)]


def unclaimed_percent(plan: Plan) -> float:
    """Of what is or looks like a fact (indicator, tag, task, commitment, project), the share that became none, in %.

    Roles in running text are read, with their bodies: they don't count.
    """
    lists = (plan.indicators, plan.responsibilities, plan.tasks, plan.commitments, plan.projects)
    facts, unclaimed = sum(len(rows) for rows in lists), len(_became_none(plan))
    return 100 * unclaimed / (facts + unclaimed) if unclaimed else 0.0


def _diagnostic_to_finding(said: Diagnostic, policy: Policy) -> Finding:
    severity = said.severity
    for pattern, other in policy.severity.items():
        if code_matches(said.code, [pattern]):
            severity = other
    if code_matches(said.code, policy.fail_on):
        fails = True
    elif said.code == LOST:
        fails = policy.fail_on_lost_characters
    elif said.code in NO_PLAN and policy.fail_on_no_plan:
        fails = True
    else:
        fails = severity == "error" and policy.fail_on_errors
    span = said.span
    return Finding(
        code=said.code, level="error" if fails else LEVELS[severity], fails=fails, message=said.message,
        template=CODES[said.code].template if said.code in CODES else "", values=dict(said.values), span=span,
        line=span.line if span else None, page=span.page if span else None,
    )  # fmt: skip


def _became_none(plan: Plan) -> list[Unclaimed]:
    return [one for one in plan.unclaimed if one.kind != "roles"]


def _unclaimed(plan: Plan, policy: Policy) -> list[Finding]:
    limit, code = policy.max_unclaimed_percent, "check.unclaimed"
    share = unclaimed_percent(plan)
    if limit is None or share <= limit or code_matches(code, policy.ignore):
        return []
    passages = _became_none(plan)
    first = passages[0]
    said = "{count} passages that look like facts became none: {share} % where {limit} % are allowed; the first: {first}"
    words = " ".join(first.text.split())[:60]
    return [finding(code, said, first.span, count=len(passages), share=f"{share:.1f}", limit=f"{limit:g}", first=words)]
