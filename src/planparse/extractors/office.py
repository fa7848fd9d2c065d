"""Word 97 and WPS documents (.doc, .wps) and RTF → .docx by LibreOffice → Document."""

import os
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from planparse.document import Document, Origin
from planparse.errors import MissingTool, PlanparseError, UnreadableFile
from planparse.extractors.docx import read_docx
from planparse.extractors.docx_package import Package
from planparse.extractors.limits import DEFAULT_LIMITS, Limits, over
from planparse.extractors.office_container import Container, count_han, is_encrypted
from planparse.grammar import Grammar

PROGRAMS = ("soffice", "libreoffice")
# A shell that ends its whole group as soon as this process is gone, however it went: a killed worker leaves nothing behind.
WATCHED = 'exec 3<&0; (read -r _ <&3; kill -9 0) & exec "$@" </dev/null 3<&-'
# No macros, no linked pictures from elsewhere, no updated links, and a proxy that nobody answers on.
SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
REGISTRY = "http://openoffice.org/2001/registry"


def read_office(data: bytes, origin: Origin, *, grammar: Grammar, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read a Word 97 (.doc), WPS (.wps) or RTF document; `origin.format` is `doc` or `rtf`.

    1. LibreOffice converts it to .docx, in a folder of its own, without macros, links and network, within `office_seconds`;
       what        `read_docx` guarantees holds for the result. `extractor` names the LibreOffice that did it.
    2. `source_count` is the second reading of the .docx; of a Word 97 file, the Chinese characters of body, notes and text
       boxes are counted in the file itself, too, and what LibreOffice dropped of them shows as lost.

    Raises UnreadableFile (`encrypted`, `damaged`, `too-large`: it took too long, and what read_docx raises), MissingTool
    where LibreOffice is not installed.
    """
    han: Counter[str] = Counter()
    if origin.format == "doc":
        container = Container(data, origin.name)
        if is_encrypted(container.stream("WordDocument")):
            raise UnreadableFile(f"{origin.name}: is protected by a password; save a copy without one", code="encrypted")
        han = count_han(container)
    converted = office_to_docx(data, origin.name, suffix=origin.format, limits=limits)
    document = read_docx(
        converted, replace(origin, extractor=_program_name(converted, origin.name, limits)), grammar=grammar, limits=limits
    )
    counted = Counter(document.source_count)
    return replace(document, source_count=counted | han)


def office_to_docx(data: bytes, name: str, *, suffix: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The .docx that LibreOffice makes of a document; `suffix` (doc, rtf) tells it the kind.

    Raises MissingTool, or UnreadableFile where it makes none or needs more than `office_seconds`.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise MissingTool(
            f"{name}: .doc, .wps and .rtf files are read through LibreOffice, which is not installed; install it "
            "(Debian, Ubuntu: apt-get install libreoffice-writer-nogui) or save the file as .docx"
        )
    with TemporaryDirectory(prefix="planparse-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        _write_settings(folder / "profile" / "user")
        source = folder / f"document.{suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--convert-to",
            "docx:Office Open XML Text",
            "--outdir",
            str(folder / "made"),
            str(source),
        ]
        if not _run(command, folder, limits.office_seconds):
            raise over(name, limits, "office_seconds", "LibreOffice needed more than {limit} s to convert it; save it as .docx")
        made = folder / "made" / "document.docx"
        if not made.is_file():
            raise UnreadableFile(f"{name}: is damaged, LibreOffice cannot open it; get the file again or save it as .docx")
        return made.read_bytes()


def _write_settings(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in SETTINGS
    )
    (folder / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{REGISTRY}">{items}</oor:items>', encoding="utf-8"
    )


def _run(command: list[str], folder: Path, seconds: float) -> bool:
    """Run to the end; False where the time ran out and everything that was started has been killed."""
    posix = os.name == "posix"
    process = subprocess.Popen(
        ["/bin/sh", "-c", WATCHED, "sh", *command] if posix else command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=posix,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        if not posix:
            process.kill()
        # The watching shell ends with this pipe, and with it whatever LibreOffice left running.
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
    return True


def _environment(folder: Path) -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if key in os.environ}
    dead = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), dead)
    return {**kept, **proxies, "HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8", "SAL_USE_VCLPLUGIN": "svp"}


def _program_name(converted: bytes, name: str, limits: Limits) -> str:
    """`LibreOffice 7.4.7.2`, as the converted file says of itself."""
    try:
        package = Package(converted, name, limits)
        for part in package.related("", "extended-properties"):
            root = package.tolerant(part)
            for element in () if root is None else root:
                if str(element.tag).endswith("}Application") and element.text:
                    return element.text.split("$")[0].replace("/", " ").strip()
    except PlanparseError:
        pass
    return "LibreOffice"
