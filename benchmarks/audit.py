"""Known vulnerabilities of the pinned packages, and their licences.

``python -m benchmarks.audit`` asks the OSV database about every version in ``constraints.txt`` with
pip-audit and writes ``audit.json``.  The other source of pip-audit, the index itself, is not used:
a package that an index does not tell of is passed over there, and the whole looks clean.  Without a
network the licences are written all the same, and the answer says that nothing was asked.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINNED = ROOT / "constraints.txt"
OUT = Path(__file__).parent / "audit.json"


def asked() -> list[dict[str, Any]] | None:
    """Every pinned package with what is known of it; None where the database cannot be reached."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(PINNED), "--no-deps"]
    command += ["--disable-pip", "--vulnerability-service", "osv", "--format", "json"]
    done = subprocess.run(
        [*command, "--progress-spinner", "off"], capture_output=True, text=True, timeout=600
    )
    if not done.stdout.strip():
        if "No module named" in done.stderr:
            sys.exit("pip-audit is missing; install it with: pip install '.[audit]'")
        return None
    found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return found


def licence(name: str) -> str:
    """What a package says of its licence: the expression, a classifier, or the first line."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    marks = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    if marks:
        return "; ".join(mark.rpartition(" :: ")[2] for mark in marks)
    return (told.get("License") or "not stated").strip().splitlines()[0][:60]


def pinned() -> list[tuple[str, str]]:
    """Names and versions of the pinned packages."""
    text = PINNED.read_text(encoding="utf-8")
    return re.findall(r"^([\w.\-]+)==([\w.+!]+)", text, flags=re.MULTILINE)


def main() -> int:
    """Ask, write, and say in one sentence what was found; 1 if something is vulnerable."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.audit", description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    out: Path = parser.parse_args().out
    found = asked()
    packages = pinned()
    report: dict[str, Any] = {
        "command": "make audit",
        "day": date.today().isoformat(),
        "packages": len(packages),
        "asked": found is not None,
        "vulnerable": None,
        "licences": {name: licence(name) for name, _ in packages},
    }
    if found is None:
        print(
            "The OSV database cannot be reached from here, so nothing was asked about "
            f"{len(packages)} pinned packages; run make audit again with a network."
        )
    else:
        bad = {one["name"]: [v["id"] for v in one["vulns"]] for one in found if one.get("vulns")}
        passed = [one["name"] for one in found if "skip_reason" in one]
        report |= {"vulnerable": bad, "passed_over": passed}
        print(
            f"{len(found) - len(passed)} of {len(packages)} pinned packages asked about, "
            f"{len(bad)} with a known vulnerability{': ' if bad else ''}{', '.join(bad)}."
        )
    out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 1 if report["vulnerable"] else 0


if __name__ == "__main__":
    sys.exit(main())
