"""Where a result comes from: versions, hashes of data, the command, in one dictionary.

No time, host, user or folder stands in it, so the same run gives the same manifest anywhere.
"""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import model
from model import coverage, data_folder, input_files
from model.errors import InputError

PACKAGES = ("mesa", "numpy", "numba", "pandas", "pyarrow", "pydantic")
ROOT = Path(model.__file__).parent.parent


def version() -> str:
    """Version of this program: from the checkout's pyproject.toml, else the installed one."""
    project = ROOT / "pyproject.toml"
    if project.exists():
        content = tomllib.loads(project.read_text(encoding="utf-8"))
        if content.get("project", {}).get("name") == "peacekeeping":
            return str(content["project"]["version"])
    try:
        return metadata.version("peacekeeping")
    except metadata.PackageNotFoundError:
        return "unknown"


def git_version() -> str | None:
    """Commit of the checkout, with ``-dirty`` if it was changed; None outside a checkout."""
    if not (ROOT / ".git").exists():
        return None
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None if done.returncode == 0 else None


def package_versions() -> dict[str, str]:
    """Versions of the packages that results rest on."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "absent"
    return found


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with input_files.opened(path, "file") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of a text, half a character in it included."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


SIGNATURE = "signature"  # of everything else in a manifest


def signed(manifest: dict[str, Any]) -> str:
    """A manifest as the text of its file, with a hash of all that stands in it."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    return json.dumps({**manifest, SIGNATURE: text_hash(text)}, indent=2, ensure_ascii=False) + "\n"


def unsigned(manifest: dict[str, Any], path: Path) -> dict[str, Any]:
    """The manifest that was signed, from the content of its file.

    Raises:
        InputError: it is not what was signed.
    """
    found = {key: value for key, value in manifest.items() if key != SIGNATURE}
    if manifest.get(SIGNATURE) != text_hash(json.dumps(found, indent=2, ensure_ascii=False)):
        raise InputError(
            f"{path} is damaged or was changed by hand: it is not what the program wrote"
        )
    return found


@lru_cache
def source_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every Python file in a package and its sub-packages, by path within it."""
    files = sorted(folder.rglob("*.py"))
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def data_hashes() -> dict[str, str]:
    """SHA-256 of every data table of the model, parameters included."""
    folder = data_folder.DATA
    files = sorted(folder.rglob("*.csv"))
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def rules_hash() -> str:
    """One SHA-256 over every source file of the model."""
    return sources_hash(Path(model.__file__).parent)


def sources_hash(folder: Path) -> str:
    """One SHA-256 over every Python file in a package and its sub-packages."""
    digest = hashlib.sha256()
    for name, value in source_hashes(folder).items():
        digest.update(f"{name} {value}\n".encode())
    return digest.hexdigest()


def code_hash(*further: Path) -> str:
    """One SHA-256 over all code that makes numbers: the model, the scenarios, ``further`` packages.

    What is stored and gone on with is bound to it.
    """
    packages = (Path(model.__file__).parent, Path(__file__).parents[1], *further)
    return text_hash(" ".join(sources_hash(package) for package in packages))


def describe(command: Sequence[str] = ()) -> dict[str, Any]:
    """Everything above, ready for a manifest."""
    return {
        "version": version(),
        "git": git_version(),
        "python": platform.python_version(),
        "packages": package_versions(),
        "rules_sha256": rules_hash(),
        "code_sha256": code_hash(),
        "data_sha256": data_hashes(),
        "data_to": coverage.ends(),
        "command": list(command),
    }
