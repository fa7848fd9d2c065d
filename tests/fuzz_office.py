"""Many .doc and .rtf files converted by one LibreOffice, and a program of its name that hands out what it made."""

import contextlib
import hashlib
import os
import shutil
import signal
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
        """Convert files, all by one LibreOffice, and forget those of before; what it makes nothing of is told so.

        Where one of the files ends it, the others are converted in halves, until it is alone: that one is left to the real one.
        """
        for old in self._known.iterdir():
            old.unlink()
        waiting = [list(paths)]
        while waiting:
            files = waiting.pop()
            rest = self._convert(files)
            if len(files) > 1 and rest:
                waiting += [half for half in (rest[: len(rest) // 2], rest[len(rest) // 2 :]) if half]

    def _convert(self, paths: Sequence[Path]) -> list[Path]:
        """Those that LibreOffice did not come to, since it did not come to its own end."""
        out = self._known.parent / "out"
        command = [
            self._real, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore", "--nolockcheck", "--nodefault",
            "--convert-to", "docx:Office Open XML Text", "--outdir", str(out), *map(str, paths),
        ]  # fmt: skip
        ended = False
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True) as process:
            try:
                ended = process.wait(SECONDS) == 0
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        rest: list[Path] = []
        for path in paths:
            made, digest = out / f"{path.stem}.docx", hashlib.sha256(path.read_bytes()).hexdigest()
            if made.is_file():
                made.rename(self._known / f"{digest}.docx")
            elif ended:
                (self._known / f"{digest}.none").touch()
            else:
                rest.append(path)
        shutil.rmtree(out, ignore_errors=True)
        return rest
