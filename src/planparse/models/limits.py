"""How much of a file is read: what is over a limit is refused with one sentence, never read in part."""

from typing import Annotated

from pydantic import ConfigDict, Field

from planparse.models.spans import Model

Bytes = Annotated[int, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]
DEEPEST = {"xml_depth": 1_000, "html_depth": 2_000}
"""libxml2 gives up on HTML that is nested deeper, and Python on XML."""


def _kebab(name: str) -> str:
    return name.replace("_", "-")


class Limits(Model):
    """`[tool.planparse.limits]`: what a file may hold; sizes are bytes, MB of 1,048,576 of them.

    A limit tells whether a file is read, never what is read of it: a file under two limits gives the same plan with both.
    """

    model_config = ConfigDict(alias_generator=_kebab, populate_by_name=True)

    file_bytes: Bytes = Field(300_000_000, description="bytes of a file; a reader needs some multiple of it as memory")
    characters: Count = Field(1_000_000, description="characters of a document; the longest plans have some 200,000")
    paragraphs: Count = Field(
        15_000, description="paragraphs and rows of tables of a document; the longest plans have some 3,000"
    )
    printed_lines: Count = Field(40_000, description="lines of a text file; the longest plans have some 10,000")
    pages: Count = Field(5_000, description="pages of a PDF or OFD file")
    page_characters: Count = Field(200_000, description="characters of one page of a PDF or OFD file")
    pdf_stream_bytes: Bytes = Field(
        32 * 2**20,
        description="bytes of one stream of a PDF, unpacked, that is no picture; reading it takes some 30 times as much",
    )
    ofd_page_objects: Count = Field(300_000, description="objects that one page of an OFD file draws")
    zip_parts: Count = Field(10_000, description="parts of a Word or OFD file")
    zip_bytes: Bytes = Field(600 * 2**20, description="bytes of all parts of a Word or OFD file, unpacked")
    zip_ratio: Count = Field(200, description="how many times its packed size a part of more than 1 MB may unpack to")
    xml_bytes: Bytes = Field(
        64 * 2**20, description="bytes of one part of a Word or OFD file, unpacked; its tree takes ten times that"
    )
    xml_depth: Annotated[int, Field(gt=0, le=DEEPEST["xml_depth"])] = Field(
        256, description="levels of elements of one part of a Word or OFD file; 1,000 at most"
    )
    html_bytes: Bytes = Field(64 * 2**20, description="bytes of a web page")
    html_elements: Count = Field(3_000_000, description="elements of a web page")
    html_depth: Annotated[int, Field(gt=0, le=DEEPEST["html_depth"])] = Field(
        2_000, description="levels of elements of a web page; 2,000 at most"
    )
    mhtml_parts: Count = Field(10_000, description="parts of a saved web page")
    office_seconds: Annotated[float, Field(gt=0, strict=False, allow_inf_nan=False)] = Field(
        120.0, description="seconds that LibreOffice may take to convert a .doc, .wps or .rtf file"
    )


DEFAULT_LIMITS = Limits()
