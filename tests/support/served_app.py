"""The web app served on a free port of this machine, by the command that a user gives."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A server: its address, its process, and the file with what it complained of."""

    address: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def port(self) -> int:
        return int(self.address.rstrip("/").rpartition(":")[2])


def start(log: Path, *options: str, folder: Path = ROOT, **settings: str) -> Served:
    """A server, once it has told its address."""
    command = [sys.executable, "-m", "viz.cli.main", "app", "--port", "0", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | settings
    with log.open("w") as complaints:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+:\d+/", line)
    assert found, line + log.read_text()
    return Served(found[0], process, log)


def stop(served: Served) -> None:
    """End it and wait until it has gone."""
    served.process.terminate()
    served.process.wait(timeout=30)
