"""What the tests themselves count and measure: how many there are, and the history's figures.

``python -m benchmarks.suite`` collects the tests, runs those of the history and writes
``suite.json``: tests by file, and each figure that a test records as a property.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "suite.json"
MEASURING = ("tests/model/test_history.py", "tests/model/test_law.py")


def collected() -> dict[str, Any]:
    """Number of tests, by file and in all."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = Counter(re.findall(r"^tests/([\w/]+)\.py::", done.stdout, flags=re.MULTILINE))
    return {"collected": sum(files.values()), "files": dict(sorted(files.items()))}


def measured() -> dict[str, Any]:
    """What the tests of the history record, and how many of them passed."""
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", *MEASURING, f"--junitxml={report}"]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        tree = ElementTree.parse(report)
    suite = next(tree.iter("testsuite"))
    figures = {p.get("name", ""): float(p.get("value", "nan")) for p in tree.iter("property")}
    bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return {"run": int(suite.get("tests", 0)), "failed": bad, "figures": figures}


def main() -> None:
    """Collect, run and write."""
    results = {"tests": collected(), "history": measured()}
    OUT.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(f"{results['tests']['collected']} tests; {len(results['history']['figures'])} figures")


if __name__ == "__main__":
    main()
