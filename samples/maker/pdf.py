"""The Word file → .pdf through LibreOffice, with the dates and ids that it writes taken out."""

import re
import subprocess
import tempfile
from pathlib import Path


def print_pdf(word: Path) -> bytes:
    """The bytes of the PDF that LibreOffice makes of `word`, under a profile of its own.

    The creation date, the document's id and its checksum are overwritten with zeros of the same length, so that the
    cross-reference table stays true and the same fonts give the same bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            folder,
            str(word),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        made = (Path(folder) / word.with_suffix(".pdf").name).read_bytes()
    made = re.sub(rb"(?<=/CreationDate\(D:)\d{14}", b"20210101000000", made)
    made = re.sub(rb"(?<=/DocChecksum /)[0-9A-F]+", lambda m: b"0" * len(m[0]), made)
    return re.sub(rb"(?<=/ID \[)[^\]]*", lambda m: re.sub(rb"[0-9A-F]", b"0", m[0]), made)
