"""Web pages dumped as text: what the site says round the document is put aside, and nothing of the document."""

import pytest

from planparse.extractors.text_chrome import lines_to_chrome
from planparse.grammar import load_grammar
from tests.test_text import balanced, document

NAVIGATION = (
    "云溪市人民政府\n首页\n政务公开\n政务服务\n互动交流\n魅力云溪\n搜索\n相关新闻\n【政策解读】《云溪市水网建设方案》的政策解读\n"
    "2024-07-05\n当前位置：\n首页\n>\n政务公开\n>\n法规公文\n"
)
PLAN = (
    "云溪市水网建设方案\n2024-07-05\n云政发〔2024〕4号\n各镇人民政府，市直各部门：\n现将方案印发给你们，请认真贯彻落实。\n"
    "一、要求\n全市加强领导，落实责任。\n二、任务\n建设水网。\n公开方式：主动公开\n"
)
FOOT = (
    "内容纠错\n|\n使用帮助\n|\n网站地图\n版权所有：云溪市人民政府\n松ICP备05000001号\n扫码进入\n“云上办”小程序\n了解更多资讯\n"
    "· 市民政局\n· 市水务局\n"
)
CELLS = "".join(f"{n}\n{name}\n{name}局\n" for n, name in enumerate(("水利", "财政", "民政", "教育", "卫健"), 1))


def aside(text):
    return [d.text for d in balanced(document(text)).discarded if d.reason == "page_chrome"]


def test_a_site_round_the_document():
    made = balanced(document(NAVIGATION + PLAN + FOOT))
    assert made.text.split("\n") == PLAN.split("\n")[:-1]
    assert {d.reason for d in made.discarded} == {"page_chrome"}
    assert made.discarded[0].line == 1


def test_breadcrumbs_without_a_label():
    made = document("首页\n>\n政策\n>\n中央文件\n云溪市水网建设方案\n字号：\n默认\n大\n超大\n|\n打印\n收藏\n留言\n" + PLAN)
    assert made.text.startswith("云溪市水网建设方案\n云溪市水网建设方案\n2024-07-05")


def test_breadcrumbs_on_one_line():
    assert document("登录\n注册\n无障碍\n魅力云溪\n首页 > 政务公开 > 规划\n" + PLAN).text.startswith("云溪市水网")


def test_navigation_without_breadcrumbs_loses_its_site_words_alone():
    made = document("首页\n政务公开\n云溪市\n政务服务\n搜索\n" + PLAN)
    assert made.text.startswith("云溪市\n云溪市水网建设方案")


def test_the_title_may_end_the_breadcrumbs():
    title = "云溪市农村水网和河湖建设实施方案"
    site = "登录\n注册\n搜索\n当前位置：\n首页\n>\n"
    assert document(site + title + "\n" + PLAN).text.startswith(title)
    assert document(site + title + "\n" + title + "\n" + PLAN).text.startswith(title + "\n云溪市水网")


def test_a_footer_between_two_printings_leaves_the_title_of_the_second():
    again = PLAN.replace("\n各镇", "\n各县、各镇")
    made = balanced(document(PLAN + FOOT + "×\n" + again))
    assert made.text == (PLAN + again).strip("\n")


def test_a_footer_ends_where_a_numbered_heading_or_an_annex_begins():
    assert document(PLAN + FOOT + "附件：云溪市水网任务表\n" + CELLS).text.count("水利局") == 1
    assert document(PLAN + FOOT + "三、其他\n" + CELLS).text.count("水利局") == 1


def test_cells_over_a_footer_stay():
    made = document(PLAN + "打印\n关闭\n附件\n" + CELLS + FOOT)
    assert aside(PLAN + "打印\n关闭\n附件\n" + CELLS + FOOT)[0] == "内容纠错"
    assert made.text.count("水利局") == 1


def test_the_end_of_a_page_without_a_footer():
    assert aside(PLAN + "【我要纠错】\n责任编辑：王一\n相关稿件\n") == ["【我要纠错】", "责任编辑：王一", "相关稿件"]


@pytest.mark.parametrize(
    "text",
    [
        PLAN,
        "首页\n搜索\n" + PLAN,
        PLAN + "松ICP备05000001号\n",
        PLAN + "关注\n首页\n搜索\n微信\n微博\n全市开设账号。\n",
        PLAN + "附件\n指标\n大\n中\n小\n-\n-\n",
        "三、渠道\n首页\n搜索\n微信\n微博\n客户端\n" + PLAN,
        "首页\n搜索\n微信\n微博\n",
        PLAN + "附件\n渠道\n政务微信\n政务微博\n微信公众号\n",
    ],
)
def test_what_is_no_chrome(text):
    assert aside(text) == []


def test_it_takes_a_moment():
    lines = (NAVIGATION + PLAN + FOOT).split("\n") * 400
    assert lines_to_chrome(lines, load_grammar())
