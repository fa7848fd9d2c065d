"""An Office file (a zip) whose bytes depend on what it says and on nothing else: no clock."""

import io
import re
import zipfile

DAY_ONE = (1980, 1, 1, 0, 0, 0)
_STAMPED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def zip_without_clock(data: bytes) -> bytes:
    """The same zip with every entry dated 1980-01-01 and the document's own dates set to 2000-01-01."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMPED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)
            entry = zipfile.ZipInfo(name, DAY_ONE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return made.getvalue()
