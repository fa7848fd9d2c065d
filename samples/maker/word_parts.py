"""The parts of a .docx besides the document itself: types, relations, styles, list numbers, footer, properties."""

from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8"?>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

CONTENT_TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{TYPE}.numbering+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{TYPE}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "</Types>"
)
RELS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
DOCUMENT_RELS = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
    f'<Relationship Id="rId3" Type="{OFFICE}/footer" Target="footer1.xml"/>'
    "</Relationships>"
)


def styles(*, outline: bool) -> str:
    """Normal and Heading 1–4; the headings carry outline levels only where `outline` asks for it."""
    fonts = '<w:rFonts w:ascii="Noto Serif CJK SC" w:hAnsi="Noto Serif CJK SC" w:eastAsia="Noto Serif CJK SC"/>'
    made = (
        f"{XML}<w:styles {W}><w:docDefaults>"
        f'<w:rPrDefault><w:rPr>{fonts}<w:sz w:val="30"/><w:lang w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:line="440" w:lineRule="exact"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    )
    for level in range(1, 5):
        depth = f'<w:outlineLvl w:val="{level - 1}"/>' if outline else ""
        made += (
            f'<w:style w:type="paragraph" w:styleId="Heading{level}">'
            f'<w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>'
            f'<w:pPr><w:keepNext/>{depth}</w:pPr><w:rPr><w:b/><w:sz w:val="{34 - 2 * level}"/></w:rPr></w:style>'
        )
    return made + "</w:styles>"


def numbering(schemes: list[str], *, runs_on: list[int]) -> str:
    """One multilevel list with a level for each of `schemes` (“%1、”, “（%2）”, “%3.”).

    A level in `runs_on` never starts again, so it is a list of its own (number 2 and up), as authors do it in Word:
    LibreOffice pays no heed to w:lvlRestart.
    """
    shared, lists = "", ""
    for level, pattern in enumerate(schemes):
        if level in runs_on:
            lists += abstract(1 + level, list_level(0, pattern.replace(f"%{level + 1}", "%1")))
        else:
            shared += list_level(level, pattern)
    if not schemes:
        return f"{XML}<w:numbering {W}/>"
    uses = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number - 1}"/></w:num>'
        for number in (1, *(2 + level for level in runs_on))
    )
    return f"{XML}<w:numbering {W}>{abstract(0, shared)}{lists}{uses}</w:numbering>"


def abstract(number: int, levels: str) -> str:
    """The definition of a list."""
    return f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'


def list_level(level: int, pattern: str) -> str:
    """The definition of one level: decimal where the pattern has a point, else 一, 二, 三."""
    shape = "decimal" if "." in pattern or "．" in pattern else "chineseCounting"
    gap = "space" if pattern.startswith("第") else "nothing"
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:suff w:val="{gap}"/>'
        f'<w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/></w:lvl>'
    )


def footer(pattern: str) -> str:
    """A centred page number; {} stands for the PAGE field."""
    before, after = pattern.split("{}")
    size = '<w:rPr><w:sz w:val="24"/></w:rPr>'
    words = [f'<w:r>{size}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (before, after)]
    field = f'<w:fldSimple w:instr=" PAGE "><w:r>{size}<w:t>1</w:t></w:r></w:fldSimple>'
    return f'{XML}<w:ftr {W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>{words[0]}{field}{words[1]}</w:p></w:ftr>'


def core(title: str) -> str:
    """The title alone: no author and no date, so that the bytes stay."""
    return (
        f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )
