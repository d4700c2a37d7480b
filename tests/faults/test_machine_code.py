"""Machine code is kept for any user anywhere, loaded only from a folder of one's own, and whole."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core import caching

from model.core import code_cache, jit

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = hasattr(os, "getuid") and os.getuid() == 0

SMALL = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from model.core import code_cache
{before}
from model.core import jit
import numpy as np
def twice(x):
    return 2.0 * x
twice.__module__ = "model.core.rng"
print("cache", jit.CACHE)
if jit.COMPILING:
    print("value", jit.entry(twice)(2.0))
"""


def small(tmp_path: Path, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A function compiled in a process of its own."""
    script = tmp_path / "small.py"
    script.write_text(SMALL.format(root=str(ROOT), before=before), encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120, env=env
    )


def test_a_user_without_a_home_or_an_entry_has_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless(*_: object) -> str:
        raise RuntimeError("could not determine the home directory for '~/.cache'")

    monkeypatch.setattr(code_cache.platformdirs, "user_cache_dir", homeless)
    found = code_cache.parents(tmp_path)
    assert found[0] == tmp_path / "__pycache__" / "compiled" and len(found) >= 1
    assert str(code_cache.USER) in found[-1].name or code_cache.USER is None


def test_with_no_place_at_all_rules_are_compiled_and_that_is_said(tmp_path: Path) -> None:
    done = small(tmp_path, "code_cache.parents = lambda package: ()")
    assert done.returncode == 0, done.stderr
    assert "cache None" in done.stdout and "value 4.0" in done.stdout
    assert "in every process, because no folder" in done.stderr


@pytest.mark.slow
def test_compiling_is_announced_when_it_happens_and_only_then(tmp_path: Path) -> None:
    before = f"code_cache.parents = lambda package: (Path({str(tmp_path / 'own')!r}),)"
    first, second = small(tmp_path, before), small(tmp_path, before)
    assert "Compiling the rules, once for this version" in first.stderr, first.stderr
    assert "Compiling" not in second.stderr
    assert "value 4.0" in second.stdout


def damaged(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    other = pickle.dumps({"a": 1})
    return {"cut": whole[:middle], "flipped": flipped, "empty": b"", "other pickle": other}


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "other pickle"])
@pytest.mark.parametrize("ending", ["nbi", "nbc"])
def test_damaged_files_count_as_missing_and_are_made_anew(
    tmp_path: Path, damage: str, ending: str
) -> None:
    files = vars(caching)["IndexDataCacheFile"](str(tmp_path), "rule-1.py311", "stamp")
    files.save("key", {"code": b"x" * 100})
    assert files.load("key") == {"code": b"x" * 100}
    (path,) = tmp_path.glob(f"*.{ending}")
    path.write_bytes(damaged(path.read_bytes())[damage])
    assert files.load("key") is None
    files.save("key", {"code": b"y"})
    assert files.load("key") == {"code": b"y"}


def test_a_folder_that_others_can_write_is_passed_over(tmp_path: Path) -> None:
    open_to_all, own = tmp_path / "open", tmp_path / "own"
    (open_to_all / "name").mkdir(parents=True)
    for mode in (0o777, 0o775):
        (open_to_all / "name").chmod(mode)
        assert code_cache.folder((open_to_all, own), "name") == own / "name"
    (open_to_all / "name").chmod(0o700)
    open_to_all.chmod(0o777)
    assert code_cache.folder((open_to_all, own), "name") == own / "name"


def test_a_link_in_the_place_of_the_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere" / "name").mkdir(parents=True, mode=0o700)
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    own = tmp_path / "own"
    assert code_cache.folder((tmp_path / "linked", own), "name") == own / "name"


def test_a_place_where_others_could_change_folders_is_passed_over(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)  # without the mark that keeps others from renaming what is ours
    own = tmp_path / "own"
    assert code_cache.folder((shared / "x", own), "name") == own / "name"
    shared.chmod(0o1777)
    assert code_cache.folder((shared / "x", own), "name") == shared / "x" / "name"


@pytest.mark.skipif(not AS_ROOT, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_passed_over(tmp_path: Path) -> None:
    planted, own = tmp_path / "planted", tmp_path / "own"
    (planted / "name").mkdir(parents=True, mode=0o700)
    os.chown(planted, 65534, 65534)
    assert code_cache.folder((planted, own), "name") == own / "name"
    os.chown(planted, 0, 0)
    os.chown(planted / "name", 65534, 65534)
    assert code_cache.folder((planted, own), "name") == own / "name"


def test_what_is_made_is_closed_to_others(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        found = code_cache.folder((tmp_path / "own",), "name")
    finally:
        os.umask(before)
    assert found is not None
    assert all(path.stat().st_mode & 0o077 == 0 for path in (found, found.parent))


def test_a_disk_that_is_full_leaves_the_function_compiled() -> None:
    class Full:
        def save(self, key: object, data: object) -> None:
            raise OSError(28, "No space left on device")

    code_cache.checked_files(Full)().save("key", "data")


def test_small_rules_are_not_taken_for_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jit, "CACHE", tmp_path)
    (tmp_path / "law.known-1.py311.1.nbc").touch()
    assert not jit.is_cached()
    (tmp_path / "single_run.simulate-1.py311.1.nbc").touch()
    assert jit.is_cached()
