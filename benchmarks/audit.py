"""Known vulnerabilities of the pinned packages, and their licences.

``python -m benchmarks.audit`` asks the OSV database about every version in ``constraints.txt`` with
pip-audit and writes ``audit.json``.  The other source of pip-audit, the index itself, is not used:
a package that an index does not tell of is passed over there, and the whole looks clean.  Without a
network the licences are written all the same, and the answer says that nothing was asked.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
    """What a package says of its licence: the expression, a classifier, or the first line of its
    own words or of the licence that it ships."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed here"
    stated = {key: str(told[key]) for key in ("License-Expression", "License") if key in told}
    if stated.get("License-Expression"):
        return stated["License-Expression"]
    marks = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    if marks:
        return "; ".join(mark.rpartition(" :: ")[2] for mark in marks)
    shipped = [
        path
        for path in metadata.files(name) or ()
        if re.match(r"(LICEN[CS]E|COPYING)", path.name, flags=re.IGNORECASE)
        and ".dist-info" in path.parts[0]
    ]
    words = stated.get("License") or (shipped[0].read_text() if shipped else "")
    return (words.strip().splitlines() or ["not stated"])[0].strip()[:60]


def pinned() -> list[tuple[str, str]]:
    """Names and versions of the pinned packages."""
    text = PINNED.read_text(encoding="utf-8")
    return re.findall(r"^([\w.\-]+)==([\w.+!]+)", text, flags=re.MULTILINE)


def needed(extras: Iterable[str]) -> set[str]:
    """Names of all packages that the program with these extras brings along on this Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    open_ = [Requirement(line) for line in project["dependencies"]]
    for extra in extras:
        open_ += [Requirement(line) for line in project["optional-dependencies"][extra]]
    seen: set[tuple[str, str]] = set()
    while open_:
        one = open_.pop()
        if one.name == project["name"]:  # an extra that brings another one
            for extra in one.extras:
                lines = project["optional-dependencies"][extra]
                open_ += [Requirement(line) for line in lines]
            continue
        for extra in ("", *one.extras):
            key = (canonicalize_name(one.name), extra)
            if key in seen:
                continue
            seen.add(key)
            try:
                lines = metadata.requires(one.name) or []
            except metadata.PackageNotFoundError:
                continue
            more = [Requirement(line) for line in lines]
            open_ += [m for m in more if m.marker is None or m.marker.evaluate({"extra": extra})]
    return {name for name, _ in seen}


def unpinned(extras: Iterable[str]) -> list[str]:
    """Packages among them that ``constraints.txt`` gives no version."""
    return sorted(needed(extras) - {canonicalize_name(name) for name, _ in pinned()})


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
        "unpinned": unpinned(("cluster", "fit", "app", "audit", "test")),
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
