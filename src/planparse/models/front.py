"""The head and the tail of a plan: title, issuer, numbers, dates, addressees, region; 抄送 and 印发 lines."""

from typing import Literal

from planparse.models.facts import Agency
from planparse.models.nodes import Node
from planparse.models.spans import IsoDate, Model, Period, Span, Year

AdministrativeLevel = Literal["national", "province", "city", "county", "township"]


class DocumentNumber(Model):
    """发文字号, as 泰政办发〔2022〕2号: the agency's code, the year and the serial (GB/T 9704-2012, 7.2.5)."""

    raw: str
    agency: str | None = None
    year: Year | None = None
    serial: str | None = None


class Attachment(Model):
    """A 附件 named in the head or the tail; `included` tells whether it stands in the file."""

    title: str
    href: str | None = None
    included: bool = False


class FrontMatter(Model):
    """Everything before the first section, and what it says of the plan; `spans` has the places of each field."""

    title: str | None = None
    notice_title: str | None = None
    document_type: str | None = None
    issuer: str | None = None
    issuers: list[Agency] = []
    level: AdministrativeLevel | None = None
    document_number: DocumentNumber | None = None
    index_number: str | None = None
    signed_on: IsoDate | None = None
    printed_on: IsoDate | None = None
    published_on: IsoDate | None = None
    effective_on: IsoDate | None = None
    expires_on: IsoDate | None = None
    addressees: list[str] = []
    copied_to: list[str] = []
    status: Literal["draft", "final"] | None = None
    period: Period | None = None
    region: str | None = None
    region_code: str | None = None
    basis: list[str] = []
    attachments: list[Attachment] = []
    spans: dict[str, list[Span]] = {}
    content: list[Node] = []


class BackMatter(Model):
    """抄送, 印发 lines and what follows the last section or annex."""

    content: list[Node] = []
