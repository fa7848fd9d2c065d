"""Every diagnostic: its severity, its template, what it tells, and the smallest text that brings it about."""

from collections.abc import Mapping
from typing import NamedTuple

from planparse.models import Diagnostic, Span
from planparse.models.plan import Severity


class Code(NamedTuple):
    """A kind of diagnostic: `template` is filled with its values; `example` are lines of a plan that bring it about."""

    severity: Severity
    template: str
    about: str
    example: str = ""


CODES: Mapping[str, Code] = {
    "agency.former-name": Code(
        "info", "{name} was renamed or absorbed in {renamed}; the plan is of {year}",
        "A body stands under a name that a reform ended more than a year before the plan was signed: an old text was copied, "
        "or the place kept the name.",
        "二、主要任务\n（一）建设水网。完善骨干工程。\n（责任单位：市水务局、市环保局）",
    ),
    "agency.separator-lost": Code(
        "info", "the separator between {first} and {second} was lost",
        "Two bodies stand in a list with nothing between them; they were told apart by the vocabulary.",
        "二、主要任务\n（一）建设水网。完善骨干工程。\n（责任单位：市水务局市财政局）",
    ),
    "agency.unknown": Code(
        "info", "{name} is in no list of agencies",
        "A name in a tag that no vocabulary has and whose ending is no body's; kept as printed.",
        "二、主要任务\n（一）建设水网。完善骨干工程。\n（责任单位：市水务局、青石帮）",
    ),
    "attachment.absent": Code(
        "info", "the attachment {title} is named and not in the file",
        "The notice or the plan names an attachment whose text does not stand in this file.",
        "附件：1.云溪市水网建设任务分工表",
    ),
    "attachment.unnamed": Code(
        "info", "the annex {title} stands in the file and is not among the attachments named",
        "The file names its attachments, and holds an annex that is not among them.",
        "附件：1.云溪市水网建设任务清单\n\n附件1\n云溪市水网建设任务清单\n建设水厂。\n\n附件2\n云溪市水网建设指标解释\n供水能力指日供水量。",
    ),
    "balance.lost": Code(
        "error", "{count} characters of the source are neither in the text nor discarded: {sample}",
        "The reader dropped characters: the text is not whole.",
    ),
    "balance.surplus": Code(
        "error", "{count} characters of the text are not in the source: {sample}",
        "The text has characters that nothing in the source explains.",
    ),
    "balance.tree": Code("error", "the tree read aloud is not the text", "A word of the text stands in no node, or in two."),
    "box.number-skipped": Code(
        "warning", "box {number} comes after box {before}",
        "The number of a box does not follow the one before it: a box was lost, or the source miscounts.",
        "二、主要任务\n专栏1　水网工程\n1.引水工程。建设引水隧洞。\n2.蓄水工程。建设水库。\n\n三、保障措施\n加强领导。\n"
        "专栏3　水厂工程\n1.扩容工程。扩建水厂。\n2.改造工程。改造管网。",
    ),
    "contents.no-match": Code(
        "warning", "{count} of {all} entries of the contents have no heading in the body",
        "Most of the printed contents is not found in the body: the body's headings were not read, or it is another text's.",
        "目录\n一、现实基础……1\n二、发展思路……2\n三、重点方向……4\n四、组织实施……8\n\n",
    ),
    "contents.no-section": Code(
        "warning", "the contents name {title}, and no heading has that number and title",
        "An entry of the printed contents that no heading of the body matches.",
        "目录\n一、总体要求……1\n二、主要任务……2\n三、保障措施……5\n四、附则……6\n\n一、总体要求\n提升能力。\n\n二、主要任务\n建设水厂。\n\n"
        "三、组织保障\n加强领导。\n\n四、附则\n自印发之日起施行。",
    ),
    "contents.unlisted": Code(
        "info", "{title} stands in the body and not in the contents",
        "A heading of a level that the contents list is not among their entries.",
        "目录\n一、总体要求……1\n二、主要任务……2\n三、保障措施……5\n\n一、总体要求\n提升能力。\n\n二、主要任务\n建设水厂。\n\n"
        "三、保障措施\n加强领导。\n\n四、附则\n自印发之日起施行。",
    ),
    "correction.not-applied": Code(
        "warning", "the correction of {field} ({kind}) was not applied: {why}",
        "A reader's correction whose fact no longer stands at its place, or does not have the value that was corrected.",
    ),
    "count.differs": Code(
        "warning", "{printed} are announced and {found} {what} are there",
        "A printed count (5项, 八大工程, 10项指标) is not the number of what was read under it.",
        "二、实施四大工程\n（一）引水工程\n建设隧洞。\n（二）蓄水工程\n建设水库。\n（三）配水工程\n建设管网。",
    ),
    "date.impossible": Code(
        "warning", "{raw} is no day of the calendar", "A printed date that cannot be.", "本规划自2022年2月30日起施行。",
    ),
    "date.order": Code(
        "warning", "{first} ({earlier}) comes after {second} ({later})",
        "Dates of the document that contradict each other: signed after it was printed, a period that ends before it begins.",
        "云政发〔2022〕9号\n云溪市人民政府关于印发云溪市“十四五”水网建设规划的通知\n各县（区）人民政府，市政府各部门：\n"
        "现将《云溪市“十四五”水网建设规划》印发给你们，请认真组织实施。\n云溪市人民政府\n2022年5月16日\n\n"
        "云溪市“十四五”水网建设规划\n\n一、总体要求\n提升能力。\n\n二、主要任务\n建设水厂。\n\n"
        "云溪市人民政府办公室　　　　2022年3月18日印发",
    ),
    "document.no-plan": Code(
        "warning", "this looks like {what} and not like a plan",
        "The title says that the document is a reply, a notice of results or the like.",
        "云溪市水务局关于市政协第12号提案的答复\n王某某委员：\n您提出的建议收悉。\n一、工作情况\n已建成水厂。\n二、下步打算\n继续推进。",
    ),
    "document.no-sections": Code(
        "warning", "no heading was found; this may be no plan", "The document has no outline.", "水厂已经建成。\n管网正在改造。",
    ),
    "document.part-unread": Code(
        "warning", "the document takes in other files that were not read: {parts}",
        "A Word file may take in a whole file of another format (w:altChunk); web pages and texts are read, others are not.",
    ),
    "figure.over-100": Code(
        "warning", "{raw} of {name} is more than the whole",
        "A share (覆盖率, 比例, 达标率 …) over 100 %.",
        "二、主要任务\n（一）建设水网。到2025年，自来水普及率达到198%。\n（二）改造管网。分步实施。",
    ),
    "figure.part-exceeds-whole": Code(
        "warning", "{part} is a part of {whole} and is more",
        "What 其中 takes out of a figure is larger than the figure.",
        "二、主要任务\n（一）建设水网。到2025年，新建水厂12座，其中智慧水厂20座。\n（二）改造管网。分步实施。",
    ),
    "figure.parts-sum": Code(
        "warning", "{parts} add up to {sum}, and the whole is {whole}",
        "Two parts that together are the whole (男 and 女, 城镇 and 农村) do not add up to it.",
        "二、主要任务\n（一）建设水网。全市供水人口6425人，其中城镇4652人、农村1778人。\n（二）改造管网。分步实施。",
    ),
    "figure.range-reversed": Code(
        "warning", "{raw} begins above its end", "The lower end of a range is above its upper end.",
        "二、主要任务\n（一）建设水网。到2025年，新建水厂12—8座。\n（二）改造管网。分步实施。",
    ),
    "font.read": Code(
        "info", "{count} glyphs on page {page} have no character in their font, or a wrong one; they were read by their shape",
        "A PDF's font does not say which characters its glyphs are. A bracket was told by its partner, everything else by OCR. "
        "Where they are many, facts that stand on the page carry the code in `flags`.",
    ),
    "font.unread": Code(
        "warning", "{count} glyphs on page {page} have no character in their font and were not read; each is \ufffd in the text",
        "A PDF's font does not say which characters its glyphs are. `pip install 'planparse[ocr]'` lets most of them be read.",
    ),
    "front.contradiction": Code(
        "warning", "the {field} is {first} in one place and {second} in another",
        "Two places of the front matter that do not agree.",
        "云政发〔2022〕9号\n云溪市人民政府关于印发云溪市“十三五”水网建设规划的通知\n各县（区）人民政府，市政府各部门：\n"
        "现将规划印发给你们，请认真组织实施。\n云溪市人民政府\n2022年5月16日\n\n"
        "云溪市“十四五”水网建设规划\n\n一、总体要求\n提升能力。\n\n二、主要任务\n建设水厂。",
    ),
    "front.region-from-manifest": Code(
        "info", "the plan names no region; {region} is the manifest's word", "The region stands in the manifest only.",
    ),
    "indicator.no-target": Code(
        "warning", "{name} has no target", "A row of an indicator table whose target cells are empty or a dash.",
        "二、发展目标\n云溪市水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n1\t供水能力\t万吨\t12\t20\t预期性\n"
        "2\t管网长度\t公里\t310\t——\t预期性\n3\t自来水普及率\t%\t95\t99\t约束性",
    ),
    "indicator.none": Code(
        "warning", "{title} speaks of indicators, and none was read under it",
        "A heading or caption that says 指标, without a row of an indicator table below it.",
        "二、主要指标\n水网建设的指标另行公布。",
    ),
    "indicator.row-missing": Code(
        "warning", "row {number} of the indicators of {table} is missing after {before}",
        "The numbers of an indicator table do not run from 1 to the last: a row was lost, or the source miscounts.",
        "二、发展目标\n云溪市水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n1\t供水能力\t万吨\t12\t20\t预期性\n"
        "3\t管网长度\t公里\t310\t500\t预期性\n4\t自来水普及率\t%\t95\t99\t约束性",
    ),
    "indicator.sum": Code(
        "warning", "the parts of {name} add up to {sum} and the whole is {whole} ({label})",
        "The sub-rows of a row add up to more than the row itself.",
        "二、发展目标\n云溪市水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n1\t水厂数量\t座\t12\t20\t预期性\n"
        "\t其中：城市水厂\t座\t6\t15\t预期性\n\t乡镇水厂\t座\t6\t15\t预期性\n2\t自来水普及率\t%\t95\t99\t约束性",
    ),
    "indicator.target-worse": Code(
        "info", "the target of {name}, {target}, is worse than where it started, {baseline}",
        "A rate whose direction its name tells (普及率 up, 死亡率 down) moves the wrong way.",
        "二、发展目标\n云溪市水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n1\t供水能力\t万吨\t12\t20\t预期性\n"
        "2\t自来水普及率\t%\t95\t59\t约束性\n3\t管网漏损率\t%\t12\t9\t约束性",
    ),
    "indicator.text-differs": Code(
        "warning", "{name} is {table} in the table and {prose} in the text",
        "The same indicator has one target in the table and another in prose.",
        "二、发展目标\n到2025年，自来水普及率达到96%。\n云溪市水网建设主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n"
        "1\t供水能力\t万吨\t12\t20\t预期性\n2\t自来水普及率\t%\t95\t99\t约束性\n3\t管网漏损率\t%\t12\t9\t约束性",
    ),
    "numbering.doubled": Code(
        "warning", "{number}{title} has the number of the heading before it", "Two headings in a row have one number.",
        "二、主要任务\n（一）建设水库\n新建水库。\n（二）建设水厂\n新建水厂。\n（二）改造管网\n改造老旧管网。\n（三）加强运维\n健全机制。",
    ),
    "numbering.implied": Code(
        "warning", "{title} lost its number; its neighbours say {number}",
        "A heading without a number among numbered ones; `implied_number` says which.",
        "二、主要任务\n建设水库。新建中型水库，增加蓄水能力，提高枯水期保障水平。\n2.建设水厂。新建水厂，提升制水能力。\n3.改造管网。改造老旧管网。",
    ),
    "numbering.late-start": Code(
        "warning", "{number}{title} opens its series, and not at 1",
        "The first heading of a series has another number than 1, and goes on with no earlier series.",
        "二、主要任务\n（三）建设水厂\n新建水厂。\n（四）改造管网\n改造老旧管网。\n（五）加强运维\n健全机制。",
    ),
    "numbering.missing": Code(
        "warning", "{number}{title} comes after {before}: a number between them is missing",
        "The numbers of a series have a gap: a heading was lost, or the source miscounts.",
        "二、主要任务\n（一）建设水库\n新建水库。\n（二）建设水厂\n新建水厂。\n（四）改造管网\n改造老旧管网。\n（五）加强运维\n健全机制。",
    ),
    "numbering.order": Code(
        "warning", "{number}{title} comes after {before}: the numbers do not rise", "A number of a series is lower than the one before it.",
        "二、主要任务\n（一）建设水库\n新建水库。\n（二）建设水厂\n新建水厂。\n（三）改造管网\n改造老旧管网。\n（四）加强运维\n健全机制。\n"
        "（二）节约用水\n推广节水器具。\n（三）加强监管\n强化考核。",
    ),
    "ocr.area": Code(
        "info", "a picture on page {page} was read by OCR: {area} (confidence {confidence})",
        "The words come from a picture among text; the area is left, top, right and bottom in points from the upper left corner. "
        "Facts that stand in it carry the code in `flags`.",
    ),
    "ocr.doubtful": Code(
        "warning", "a line on page {page} was read by OCR with a confidence of {confidence} only",
        "The picture is blurred, stained or stamped here: compare the line with the page.",
    ),
    "ocr.doubtful-picture": Code(
        "warning", "a line in the picture {picture} was read by OCR with a confidence of {confidence} only",
        "The picture is blurred, stained or stamped here: compare the line with it. It stands in a file without pages.",
    ),
    "ocr.page": Code(
        "info", "page {page} is a picture and was read by OCR (confidence {confidence})",
        "The words come from a scan. Facts that stand on the page carry the code in `flags`.",
    ),
    "ocr.picture": Code(
        "info", "the picture {picture} was read by OCR (confidence {confidence})",
        "The words come from a picture in a file without pages (Word, a web page); the name is that of its part or address. "
        "Facts that stand in it carry the code in `flags`.",
    ),
    "ocr.unread": Code(
        "warning", "a picture on page {page} was not read: {area}; pip install 'planparse[ocr]' reads it",
        "A picture that may carry text, and no OCR installed; the area is left, top, right and bottom in points from the upper "
        "left corner. The rest of the plan is read.",
    ),
    "pages.without-text": Code(
        "warning", "pages {pages} are pictures without text; they were not read", "Scanned pages that no text layer covers.",
    ),
    "paragraph.break-lost": Code(
        "warning", "{title} opens in the middle of a paragraph: a paragraph break was lost",
        "One of a series of opening sentences stands inside a paragraph; the tree cuts it there.",
        "二、基本原则\n坚持政府主导、社会参与。落实各级政府主体责任，引导企业、社会组织共同参与，形成各尽其责的工作格局。\n"
        "坚持需求导向、精准施策。依托动态更新的基础数据，分类提供服务，把资源用在最需要的环节。\n"
        "坚持城乡统筹、山海并进。推动服务设施向山区、海岛倾斜，逐步缩小县域之间的差距。"
        "坚持改革创新、数字赋能。打通部门数据，推进高频事项全程网办，让群众少跑腿。\n\n三、保障措施\n加强领导。",
    ),
    "paragraph.cut": Code(
        "warning", "the paragraph ends in {end}: what follows may be lost",
        "A paragraph that ends in a comma or an open bracket, or begins with what closes a sentence.",
        "二、主要任务\n（一）建设水网。到2025年，建成布局合理、功能完善、调度灵活、安全可靠的供水体系，水厂、管网和泵站同步改造，\n"
        "（二）改造管网。分步实施。",
    ),
    "picture.absent": Code(
        "info", "the picture {picture} beside “{place}” is not in the file; nothing is fetched",
        "A web page or a document names a picture that lies elsewhere. If it carries text, save the page with its pictures (.mhtml).",
    ),
    "picture.too-large": Code(
        "warning", "the picture {picture} beside “{place}” has more pixels than are unpacked, or is one of too many",
        "80 million pixels of a picture and 300 pictures of a file are read at most. The rest of the plan is read.",
    ),
    "picture.unread": Code(
        "warning", "the picture {picture} beside “{place}” was not read; pip install 'planparse[ocr]' reads it",
        "A picture in a file without pages that may carry text, and no OCR installed. The rest of the plan is read.",
    ),
    "picture.unreadable": Code(
        "warning", "the picture {picture} beside “{place}” was not read: it is damaged, or a drawing or chart without pixels",
        "EMF, WMF, SVG and JBIG2 pictures, charts, and pictures that cannot be unpacked. The rest of the plan is read.",
    ),
    "responsibility.no-agency": Code(
        "warning", "{raw} names nobody", "A tag with a role word (责任单位：) and no body behind it.",
        "二、主要任务\n（一）建设水网。完善骨干工程。\n（责任单位：）",
    ),
    "responsibility.none": Code(
        "warning", "the text says {word} and no tag was read",
        "Role words with a colon stand in the text, and neither a tag nor a task row came of them.",
        "二、主要任务\n（一）建设水网。完善骨干工程。\n责任单位：以另行公布的名单为准，并随机构改革及时调整完善",
    ),
    "section.empty": Code(
        "warning", "{title} has nothing under it",
        "A heading that nothing follows, among headings that have a body.",
        "二、主要任务\n（一）建设水库\n新建水库。\n（二）建设水厂\n（三）改造管网\n改造老旧管网。\n（四）加强运维\n健全机制。",
    ),
    "table.sum": Code(
        "warning", "column {label} adds up to {sum} and the total row says {whole}",
        "The figures of a column do not add up to what its row 合计 says.",
        "二、建设安排\n表1　水厂建设安排\n县区\t水厂（座）\t管网（公里）\n青岚县\t2\t30\n石澜县\t3\t40\n霁川区\t1\t15\n合计\t9\t85",
    ),
    "task.no-agency": Code(
        "info", "the task {title} names nobody", "A row of a task table without a body.",
        "二、任务分工\n重点任务分工表\n序号\t重点任务\t牵头单位\t配合单位\n1\t建设骨干水网\t市水务局\t市财政局\n"
        "2\t改造城市管网\t——\t——\n3\t建设智慧水务\t市大数据局\t市水务局",
    ),
    "text.misconverted": Code(
        "info", "{raw} stands where a Chinese word was",
        "A word that a conversion put in place of a Chinese one (and for 和).",
        "二、主要任务\n（一）建设水网。完善水厂and管网。\n（二）改造管网。分步实施。",
    ),
    "text.repaired": Code(
        "info", "{count} code points that a font left behind were put right one for one",
        "Kangxi radicals and the like, which no author typed, were put right.",
    ),
    "title.none": Code("warning", "no title was found", "Neither a title line nor a name in the text.", "一、建设水厂\n建设三座。\n二、改造管网\n分步实施。"),
    "title.not-printed": Code(
        "warning", "no title is printed; {title} is what the plan calls itself",
        "The title was taken from the plan's own words (an indicator table's caption, the preamble).",
        "一、总体要求\n提升能力。\n二、发展目标\n云溪市“十四五”水网建设规划主要指标\n序号\t指标\t单位\t2020年\t2025年\t属性\n"
        "1\t供水能力\t万吨\t12\t20\t预期性\n2\t自来水普及率\t%\t95\t99\t约束性\n3\t管网漏损率\t%\t12\t9\t约束性",
    ),
}  # fmt: skip
"""All codes, in the order of the alphabet; the examples are held to what they say by the tests."""


def diagnostic(code: str, span: Span | None = None, **values: str | int | float) -> Diagnostic:
    """A diagnostic by its code, its template filled with `values`."""
    severity, template, *_ = CODES[code]
    return Diagnostic(code=code, severity=severity, values=values, message=template.format(**values), span=span)


def diagnostics_page() -> str:
    """docs/diagnostics.md: every code with what it tells, its message and an example."""
    parts = [
        "# Diagnostics\n",
        "What `planparse` doubts about a plan, or about its own reading of it. Each has a code, a severity and, where it has",
        "one, the place; facts that stand at that place carry the code in `flags`. `error` means that something was lost,",
        "`warning` that something contradicts itself or is not there, `info` is everything else.",
        "This page is made from `src/planparse/checks/codes.py`; the examples are tests.\n",
        "| code | severity | message |\n| --- | --- | --- |",
        *(f"| [`{name}`](#{name.replace('.', '')}) | {code.severity} | {code.template} |" for name, code in CODES.items()),
    ]
    for name, code in CODES.items():
        parts.append(f"\n## {name}\n\n{code.severity}: {code.about}")
        if code.example:
            parts.append(f"\n```text\n{code.example.rstrip()}\n```")
    return "\n".join(parts) + "\n"
