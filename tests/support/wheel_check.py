"""Build the wheel, install it into clean environments, run it there, and compare the results.

Run as a script (``python tests/support/wheel_check.py``); ``make test`` does. The first
environment uses the interpreter that runs this script. Further ones use python3.12 and python3.13
where they are on the path, and whatever PEACEKEEPING_PYTHONS names (separated by spaces or the
path separator). Every environment must produce the very same table. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ["run", "historical", "--runs", "3", "--seed", "0", "--format", "csv", "--out", "out"]
DOCUMENTS = "from viz.reports import shipped_documents; print(shipped_documents.folder())"
REPORT = (  # what the page shows of how good the model is
    "validation.json",
    "validation.md",
    "figures/validation-bands.csv",
    "figures/validation-skill.svg",
    "figures/validation-bands.svg",
    "figures/validation-reliability.svg",
    "figures/validation-posterior.svg",
)
PROBE = (
    "import sys, venv, ensurepip; "
    "print('%d.%d' % sys.version_info[:2] if sys.version_info >= (3, 11) else '')"
)


def call(command: list[str], folder: Path) -> str:
    """Run a command in a folder outside the checkout; its output, or an exit with its error."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def interpreters() -> list[str]:
    """This interpreter, then every other that is named or on the path, one per version."""
    named = os.environ.get("PEACEKEEPING_PYTHONS", "").replace(os.pathsep, " ").split()
    candidates = [sys.executable, *named, "python3.12", "python3.13"]
    found: dict[str, str] = {}
    for candidate in candidates:
        path = shutil.which(candidate)
        if path is None:
            if candidate in named:
                sys.exit(f"PEACEKEEPING_PYTHONS names {candidate}, which cannot be run")
            continue
        probe = subprocess.run([path, "-c", PROBE], capture_output=True, text=True)
        version = probe.stdout.strip()
        if probe.returncode == 0 and version:
            found.setdefault(version, path)
    return list(found.values())


def build(folder: Path) -> Path:
    """The wheel, built from a copy so that no stale build folder can slip into it."""
    source = folder / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(
            ".git", ".venv", "build", "dist", "results", "__pycache__", "*.egg-info", ".*_cache"
        ),
    )
    call(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--wheel-dir",
            str(folder),
            str(source),
        ],
        folder,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def smoke(python: str, wheel: Path, folder: Path) -> str:
    """Hash of the series that a fresh installation of the wheel produces."""
    folder.mkdir()
    call([python, "-m", "venv", "env"], folder)
    inside = str(folder / "env" / "bin" / "python")
    call(
        [
            inside,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--constraint",
            str(ROOT / "constraints.txt"),
            str(wheel),
        ],
        folder,
    )
    command = str(folder / "env" / "bin" / "peacekeeping")
    call([command, "--help"], folder)
    said = call([command, "--version"], folder).split()[-1]
    if f"-{said}-" not in wheel.name:
        sys.exit(f"{wheel.name} says that it is version {said}")
    call([command, "scenarios", "list"], folder)
    call([command, *RUN], folder)
    call([inside, "-c", "import peacekeeping; peacekeeping.run"], folder)
    tutorials(inside, command, folder)
    place = Path(call([inside, "-c", DOCUMENTS], folder).strip())
    for name in REPORT:
        if (place / name).read_bytes() != (ROOT / "docs" / name).read_bytes():
            sys.exit(f"the installed {name} is not the one in docs")
    return hashlib.sha256((folder / "out" / "series.csv").read_bytes()).hexdigest()


def tutorials(python: str, command: str, folder: Path) -> None:
    """The tutorials reach whoever has the wheel alone, and a country is added from the fifth."""
    listed = call([command, "docs"], folder)
    for path in (ROOT / "docs" / "tutorials").glob("*.md"):
        number = path.name.partition("-")[0]
        if not any(line.startswith(f"{number} ") for line in listed.splitlines()):
            sys.exit(f"tutorial {number} is not in the wheel:\n{listed}")
    call([command, "docs", "5", "--out", "germany"], folder)
    call([python, "add_germany.py"], folder / "germany")
    os.environ["PEACEKEEPING_DATA"] = str(folder / "germany" / "tables")
    told = call([command, "law", "--state", "DEU", "--month", "2006-06"], folder)
    del os.environ["PEACEKEEPING_DATA"]
    if "DEU-BVG-1" not in told:
        sys.exit(f"the wheel does not find Germany's law:\n{told}")


def main() -> None:
    """Check every interpreter found and say what was compared."""
    with tempfile.TemporaryDirectory(prefix="peacekeeping-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        hashes: dict[str, str] = {}
        for number, python in enumerate(interpreters()):
            version = call([python, "-V"], folder).split()[-1]
            hashes[version] = smoke(python, wheel, folder / f"check{number}")
            print(f"wheel runs on Python {version}: series {hashes[version][:16]}", flush=True)
        if len(set(hashes.values())) > 1:
            sys.exit(f"results differ between Pythons: {hashes}")


if __name__ == "__main__":
    main()
