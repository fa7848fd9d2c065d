"""Two small plans for the tests of tables, find, brief and sampling; and the same with a passage printed twice."""

from functools import cache
from pathlib import Path

from planparse.grammar import load_grammar
from planparse.models import Plan
from planparse.output.json_yaml import write_plan
from planparse.pipeline import document_to_plan
from tests.plans import lines_to_document

LINES = (
    "云溪市“十四五”养老服务发展规划",
    "一、发展目标",
    "到2025年，建成覆盖城乡的养老服务网络。=养老床位|稳步*增加*。",
    "二、重点任务",
    "（一）扩大服务供给。到2025年，新建社区养老服务中心30个，每年培训护理员200人次。（牵头部门：市民政局；参与部门：市财政局、市残联）",
    "（二）提升服务质量。健全养老服务标准，依据《松陵省养老服务条例》加强监管。（牵头部门：市民政局；参与部门：市市场监管局）",
    "三、保障措施",
    "加强组织领导，健全养老服务工作机制。",
)


@cache
def small_plan() -> Plan:
    """A plan without tables: tags, commitments, a citation."""
    return document_to_plan(lines_to_document(*LINES), load_grammar())


def twice_plan() -> Plan:
    """The same plan with its second tag and the last section marked as printed before."""
    plan = small_plan()
    tags = [plan.responsibilities[0], plan.responsibilities[1].model_copy(update={"duplicate_of": "resp-1"})]
    last = plan.body[-1].model_copy(update={"duplicate_of": "2"})
    return plan.model_copy(update={"responsibilities": tags, "body": [*plan.body[:-1], last]})


def write_plans(folder: Path, **plans: Plan) -> Path:
    """The plans as JSON in a folder, each by its name."""
    for name, plan in plans.items():
        write_plan(plan, folder, name, formats=["json"])
    return folder
