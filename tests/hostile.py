"""Readers that do what a hostile file does to its reader; batch tests name them as module:function."""

import os
import signal
import time
from pathlib import Path
from typing import Any

from planparse.pipeline import parse


def read(path: str, *, grammar: Any) -> Any:
    """Hang, eat memory, crash, fail or wait, as the name of the file says; else read it."""
    name = Path(path).name
    if begun := os.environ.get("PLANPARSE_TEST_BEGUN"):  # who began which file, for tests that lose one
        Path(begun, f"{name}.{os.getpid()}").touch()
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("memory"):
        return bytearray(1 << 50)
    if name.startswith("greedy"):
        hoard = [bytearray(b"x") * (16 << 20) for _ in range(64)]
        assert hoard
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("odd"):
        raise ZeroDivisionError("by\nzero")
    if name.startswith("once") and not Path(path + ".seen").exists():
        Path(path + ".seen").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith("slow"):
        time.sleep(1.5)
    return parse(path, grammar=grammar)
