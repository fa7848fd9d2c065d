"""Many .doc and .rtf files converted by one LibreOffice, and a program of its name that hands out what it made."""

import contextlib
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

SECONDS = 120.0
# The source is the last argument, the folder of the result the one before: as planparse calls LibreOffice (office.py).
PROGRAM = """#!/bin/sh
real={real}
known={known}
for last; do before=$out; out=$source; source=$last; done
sum=$(sha256sum < "$source") && sum=${{sum%% *}}
if [ -f "$known/$sum.none" ]; then exit 1; fi
if [ -f "$known/$sum.docx" ]; then mkdir -p "$out" && exec cp "$known/$sum.docx" "$out/document.docx"; fi
exec "$real" "$@"
"""


class Converted:
    """What LibreOffice made of files, by their bytes, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._known, self._profile, self._program = folder / "known", folder / "profile", folder / "bin" / "soffice"

    def __enter__(self) -> Self:
        self._known.mkdir(parents=True)
        self._program.parent.mkdir()
        real = shutil.which("soffice")
        self._program.write_text(PROGRAM.format(real=real, known=self._known), encoding="utf-8")
        self._program.chmod(0o755)
        self._real = str(real)
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self._program.parent.parent, ignore_errors=True)

    @contextlib.contextmanager
    def in_path(self) -> Iterator[None]:
        """Children that start within find the program that hands out first."""
        before = os.environ["PATH"]
        os.environ["PATH"] = f"{self._program.parent}{os.pathsep}{before}"
        try:
            yield
        finally:
            os.environ["PATH"] = before

    def convert(self, paths: Sequence[Path]) -> None:
        """Convert files, all by one LibreOffice. It is told of those it made nothing of, unless it did not come to its end."""
        for old in self._known.iterdir():
            old.unlink()
        out = self._known.parent / "out"
        command = [
            self._real, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", "docx:Office Open XML Text", "--outdir", str(out), *map(str, paths),
        ]  # fmt: skip
        ended = False
        with contextlib.suppress(subprocess.TimeoutExpired):
            ended = subprocess.run(command, capture_output=True, check=False, timeout=SECONDS).returncode == 0
        for path in paths:
            made, digest = out / f"{path.stem}.docx", hashlib.sha256(path.read_bytes()).hexdigest()
            if made.is_file():
                made.rename(self._known / f"{digest}.docx")
            elif ended:
                (self._known / f"{digest}.none").touch()
        shutil.rmtree(out, ignore_errors=True)
