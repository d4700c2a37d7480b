"""Taking a view away, and bringing a scenario in: a file that the command line accepts."""

import shlex
from collections.abc import Callable
from typing import Any

import solara

from model.errors import InputError
from scenarios.file_format.schema import Scenario

from ...text import wording
from ..visit.url_state import LARGEST_UPLOAD, LONGEST_LINK, View, own, whole
from .controls import Address, Opener
from .shared_parts import Download

Change = Callable[..., None]


@solara.component
def Sharing(
    view: View, change: Change, visit: Callable[[str], None], tell: Callable[[str], None]
) -> None:
    """Copy the link, take the settings as a file, open a file of one's own."""

    def open_file(what: dict[str, Any]) -> None:
        name = str(what.get("name", "own.toml"))[-60:]
        try:
            text = opened(name, str(what.get("text", "")), whole("size", what.get("size", 0)))
        except InputError as error:
            tell(str(error) + ("" if str(error).endswith("?") else "."))
            return
        taken = View(text=text).query()
        if len(taken) > LONGEST_LINK:
            tell(wording.NO_LINK)
        change(text=text, scenario=View.scenario, values=(), start="", end="", states="")

    with solara.Div(classes=["pk-share"]):
        Opener(label=wording.OPEN_FILE, most=LARGEST_UPLOAD, event_opened=open_file)
        Download(
            lambda: as_toml(view).encode(), "scenario.toml", wording.SCENARIO_FILE, "text/plain"
        )
        Address(query=view.query(), tab=view.tab, w=wording.SHARE, event_visited=visit)


def opened(name: str, text: str, size: int) -> str:
    """The text of an opened scenario file, checked as on the command line.

    Raises:
        InputError: the fault, with file and line.
    """
    if max(size, len(text.encode("utf-8", "replace"))) > LARGEST_UPLOAD:
        raise InputError(f"{name} is larger than {LARGEST_UPLOAD // 1000} kB, too large to open")
    if "\ufffd" in text:
        raise InputError(f"{name} is not a text file in UTF-8")
    own(text, name)
    return text


def as_toml(view: View) -> str:
    """The view's scenario with everything that was changed, and the command that runs it."""
    scenario = view.resolved()
    command = ["peacekeeping", "run", "scenario.toml"]
    command += ["--runs", str(view.runs), "--seed", str(view.seed)]
    heading = wording.TOML_HEADING.format(command=shlex.join(command))
    return f"{heading}{written(scenario)}"


def written(scenario: Scenario) -> str:
    """A scenario as TOML; reading it gives the same scenario."""
    import tomlkit

    table = scenario.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    table["events"] = [
        {"type": event.type_name()}
        | event.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
        for event in scenario.events
    ]
    table.pop("variants", None)
    if not table["events"]:
        del table["events"]
    return tomlkit.dumps(table)
