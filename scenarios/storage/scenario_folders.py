"""Where scenarios are known by their names: the library that ships with the program, and the user's
own folder."""

import os
from pathlib import Path

from model import input_files
from model.errors import InputError

OWN = "PEACEKEEPING_SCENARIOS"  # environment variable: a folder of the user's own scenarios
JOIN = "+"  # between the names of scenarios that are put together
FOLDER = Path(__file__).parents[1] / "data" / "library"


def shipped() -> list[str]:
    """Names of the scenarios that ship with the program, ``historical`` first."""
    found = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return sorted(found, key=lambda name: name != "historical")


def own() -> list[str]:
    """Names of the scenarios in the folder that ``PEACEKEEPING_SCENARIOS`` names; none without it.

    Raises:
        InputError: there is no such folder, or a file in it has the name of a shipped scenario.
    """
    if not os.environ.get(OWN):
        return []
    folder = _own_folder()
    if not folder.is_dir():
        raise InputError(f"{OWN} = {str(folder)!r} is no folder of scenarios")
    found = sorted(path.stem for path in folder.glob("*.toml"))
    taken = sorted(set(found) & set(shipped()))
    if taken:
        raise InputError(
            f"{folder / taken[0]}.toml has the name of a scenario that ships with the program; "
            "rename it"
        )
    return found


def _own_folder() -> Path:
    return input_files.place(os.environ[OWN])


def file_of(name: str) -> Path | None:
    """The file of a scenario that is known by its name; none if there is no such."""
    if name in shipped():
        return FOLDER / f"{name}.toml"
    return _own_folder() / f"{name}.toml" if name in own() else None
