"""A real Ray cluster on this machine: nodes started with `ray start`, each its own processes, ports and folder."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RAY = Path(sys.executable).parent / "ray"
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",
    # A dead node is noticed within seconds.
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
    "RAY_gcs_rpc_server_reconnect_timeout_s": "10",
}


@dataclass
class Node:
    """One `ray start --block`, in a session of its own, so that all its processes can be killed at once."""

    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """kill -9 of the node with all its workers and their children, as when a machine is lost."""
        with_children = _below(self.process.pid)
        for one in [self.process.pid, *with_children]:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()


@dataclass
class Cluster:
    """A head and its further nodes."""

    address: str
    environment: Mapping[str, str]
    folder: Path
    nodes: list[Node] = field(default_factory=list)

    def add(self, *, processors: int = 1) -> Node:
        """Another node that the head knows."""
        node = _start(["--address", self.address], processors, self.environment, self.folder)
        self.nodes.append(node)
        return node

    def alive(self) -> int:
        """How many nodes the cluster has now."""
        told = subprocess.run([RAY, "status", "--address", self.address], capture_output=True, text=True, env=self.environment)
        active = told.stdout.partition("Active:")[2].partition("Pending:")[0]
        return len(re.findall(r"^ \d+ node_", active, re.MULTILINE))

    def await_nodes(self, count: int, *, seconds: float = 60) -> None:
        """Wait until the cluster has so many nodes."""
        until = time.monotonic() + seconds
        while (now := self.alive()) != count:
            if any(node.process.poll() not in (None, -signal.SIGKILL) for node in self.nodes):
                raise RuntimeError((self.folder / "said").read_text())
            if time.monotonic() > until:
                raise TimeoutError(f"the cluster has {now} nodes, not {count}")
            time.sleep(0.5)


@contextmanager
def cluster(environment: Mapping[str, str] | None = None, *, processors: int = 1) -> Iterator[Cluster]:
    """A cluster with a head; everything that it started is killed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # a socket's path is at most 107 bytes long
    told = {**os.environ, **(environment or {}), **QUIET, "PYTHONPATH": str(Path(__file__).parent.parent)}
    port = _free_port()
    head = ["--head", "--port", str(port), "--include-dashboard=false", "--temp-dir", str(folder)]
    made = Cluster(f"127.0.0.1:{port}", told, folder)
    try:
        made.nodes.append(_start(head, processors, told, folder))
        made.await_nodes(1)
        yield made
    finally:
        for node in reversed(made.nodes):
            node.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _start(arguments: list[str], processors: int, environment: Mapping[str, str], folder: Path) -> Node:
    command = [str(RAY), "start", "--block", "--disable-usage-stats", "--node-ip-address=127.0.0.1", f"--num-cpus={processors}"]
    command += ["--object-store-memory=100000000", *arguments]
    with (folder / "said").open("ab") as said:
        return Node(subprocess.Popen(command, env=environment, stdout=said, stderr=said, start_new_session=True))


def _below(process: int) -> list[int]:
    """All processes below one, youngest last (Linux)."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*/task/[0-9]*/children"):
        if path.parts[2] == str(process):
            try:
                found += [int(child) for child in path.read_text().split()]
            except OSError:
                continue
    return [one for child in found for one in (child, *_below(child))]


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
