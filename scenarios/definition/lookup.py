"""The closed lists of names a person may write: states, missions, levers, instruments, reforms.

Read from the tables of the model without importing the engine, so that a misspelt name is answered
at once, with the nearest valid one.
"""

import difflib
import fnmatch
import math
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from model import csv_rows
from model.data_folder import DATA
from model.errors import InputError, unknown
from model.vocabulary import FRAMEWORKS, KINDS

NOBODY_ASKED = "none"  # what the table of requests says where no request is documented

ROLES = ("lever", "uncertainty", "constant")
MOST_OFFERED = 12  # missions of a country in one error


def states() -> dict[str, str]:
    """Code (ISO 3166 alpha-3) to name of every state."""
    return {
        row["iso3"]: row["name"] for row in csv_rows.read(DATA / "states.csv", ("iso3", "name"))
    }


def missions() -> list[str]:
    """Labels of every documented mission."""
    return [row["mission"] for row in csv_rows.read(DATA / "missions.csv", ("mission",))]


def mission_dates() -> dict[str, tuple[str, str]]:
    """First and last month of every documented mission, one that is decided for later included;
    blank for one that continues, and where the table does not say."""
    read = csv_rows.read(DATA / "missions.csv", ("mission", "end"))
    found = {row["mission"]: (row.get("start", ""), row["end"]) for row in read}
    for row in _optional("outlook", ("mission", "from", "what")):
        if row["what"] == "end" and row["mission"] in found:
            found[row["mission"]] = (found[row["mission"]][0], row["from"])
    return found


def sites(mission: str = "") -> list[str]:
    """Ids of the sites of a mission, blank for all; none if there is no table."""
    rows = _optional("sites", ("id", "missions"))
    return [row["id"] for row in rows if not mission or mission in row["missions"].split(";")]


def hosts() -> list[str]:
    """Codes of what can host a mission: states, and territories that are none."""
    return [*states(), *(row["code"] for row in _optional("territories", ("code",)))]


def status_goals(state: str) -> list[dict[str, str]]:
    """Documented goals of status of a state, as rows of the table."""
    rows = _optional("status_goals", ("state", "from", "to", "goal", "weight"))
    return [row for row in rows if row["state"] == state]


def tie(state: str, mission: str) -> float:
    """What a state is documented to have at stake with the other side of a mission, 0..1."""
    rows = _optional("ties", ("state", "mission", "level"))
    levels = [
        float(row["level"]) for row in rows if (row["state"], row["mission"]) == (state, mission)
    ]
    return levels[0] if levels else 0.0


def _optional(table: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a table that a folder may lack."""
    path = DATA / f"{table}.csv"
    return csv_rows.read(path, columns) if path.exists() else []


def instruments() -> dict[str, dict[str, str]]:
    """Legal provisions by id, as the rows of the table."""
    columns = ("id", "state", "in_force", "lapses", "reform")
    return {row["id"]: row for row in csv_rows.read(DATA / "instruments.csv", columns)}


def reforms() -> dict[str, list[str]]:
    """Reform packages: name to the ids of the provisions they brought."""
    packages: dict[str, list[str]] = {}
    for key, row in instruments().items():
        if row["reform"]:
            packages.setdefault(row["reform"], []).append(key)
    return packages


def parameters() -> dict[str, dict[str, str]]:
    """Levers, uncertainties and constants by name, as rows of the parameter table.

    A name with a state's own deviation is listed once.
    """
    table: dict[str, dict[str, str]] = {}
    for row in csv_rows.read(DATA / "parameters.csv", ("name",)):
        table.setdefault(row["name"], row)
    return table


def trends() -> dict[str, list[dict[str, str]]]:
    """What each composite lever moves: its name to the rows of ``trends.csv``, ``parameter``,
    ``how`` (factor or shift), ``effect`` at level 1 and ``source``; none in older tables."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in _optional("trends", ("trend", "parameter", "how", "effect", "source")):
        found.setdefault(row["trend"], []).append(row)
    return found


def deviations() -> dict[str, dict[str, str]]:
    """Rows of the parameter table that hold one state's own value, by ``name.CODE``."""
    return {
        f"{row['name']}.{row['state']}": row
        for row in csv_rows.read(DATA / "parameters.csv", ("name",))
        if row.get("state")
    }


def centres() -> list[dict[str, str]]:
    """Training centres at home, as rows of the table; none if there is no table."""
    path = DATA / "training_centres.csv"
    if not path.exists():
        return []
    columns = ("state", "centre", "home", "staff_per_year")
    return [row for row in csv_rows.read(path, columns) if row["home"] == "1"]


def legislature(state: str) -> str:
    """What a state's legislature is called; ``legislature`` where the tables do not say."""
    path = DATA / "legislatures.csv"
    table = csv_rows.read(path, ("state", "legislature")) if path.exists() else []
    return next((row["legislature"] for row in table if row["state"] == state), "legislature")


def has_one_chamber(state: str) -> bool:
    """Whether the tables know of no upper house of a state."""
    table = csv_rows.read(DATA / "politics.csv", ("state", "upper_seats"))
    return all(not row["upper_seats"] for row in table if row["state"] == state)


def levers() -> list[str]:
    """Names of what a policy maker may set."""
    return _role("lever")


def _role(role: str) -> list[str]:
    return [name for name, row in parameters().items() if row.get("role", role) == role]


def aliases(kind: str) -> dict[str, str]:
    """Other spellings of names (``folded``) to the name used here; none if there is no table."""
    path = DATA / "aliases.csv"
    if not path.exists():
        return {}
    table = csv_rows.read(path, ("alias", "kind", "name"))
    return {folded(row["alias"]): row["name"] for row in table if row["kind"] == kind}


def folded(name: str) -> str:
    """A name as it is looked up: without case, accents, apostrophes, hyphens and doubled blanks."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ı", "i"))
    words = re.sub(r"[^\w\s]", " ", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(words.split())


def state(text: str, where: str = "") -> str:
    """The code of a state written as its code, its name or an alias."""
    _is_text("state", text, where)
    known = states()
    written = text.strip()
    if written.upper() in known:
        return written.upper()
    by_name = {folded(name): code for code, name in known.items()} | aliases("state")
    if folded(written) in by_name:
        return by_name[folded(written)]
    raise _unknown_state(written, known, where)


def _unknown_state(written: str, known: dict[str, str], where: str) -> InputError:
    """Names a state only where the spelling is close: a wrong guess is worse than none."""
    if len(written) > 3:
        close = difflib.get_close_matches(written[:60].title(), known.values(), n=1, cutoff=0.8)
    elif len(written) == 3:
        close = difflib.get_close_matches(written.upper(), known, n=5, cutoff=0.6)
        close.sort(key=lambda code: sorted(code) != sorted(written.upper()))  # letters swapped
    else:
        close = []  # two letters are another code
    if close:
        return InputError(f"{_place(where)}unknown state {written!r}; did you mean {close[0]!r}?")
    shown = written if len(written) <= 60 else f"{written[:60]}..."
    return InputError(
        f"{_place(where)}unknown state {shown!r}; write its ISO 3166 code of three letters, for "
        "example JPN or KOR"
    )


def mission(text: str, where: str = "") -> str:
    """The label of a mission written in any case or as an alias.

    Where a country is named instead, or words of a mission's long name, those missions are offered.
    """
    _is_text("mission", text, where)
    written = folded(text)
    known = missions()
    exact = {folded(one): one for one in known} | {
        alias: name for alias, name in aliases("mission").items() if name in known
    }
    if text.strip() in known:
        return text.strip()
    if written in exact:
        return exact[written]
    raise unknown_mission(text, known, where)


def unknown_mission(text: str, known: Iterable[str], where: str = "") -> InputError:
    """The error for a name that is none of the ``known`` missions.

    It offers the missions that the text may mean, if any, else the nearest label.
    """
    known = list(known)
    there = [one for one in missions_meant(text.strip()) if one in known]
    if not there:
        return unknown("mission", text.strip(), known, where)
    shown = ", ".join(there[:MOST_OFFERED]) + (" ..." if len(there) > MOST_OFFERED else "")
    which = "it may be" if len(there) == 1 else "it may be one of"
    return InputError(f"{_place(where)}unknown mission {text.strip()!r}; {which} {shown}")


def mission_rows() -> list[dict[str, str]]:
    """Every documented mission as a row of the table, which has a long ``name`` of each, too."""
    return csv_rows.read(DATA / "missions.csv", ("mission",))


def missions_meant(text: str) -> list[str]:
    """Missions that a text may mean: by another spelling or a word of the label, the country or a
    site where they are, or part of the long name."""
    written = folded(text)
    if not written:
        return []
    try:
        host = state(text)
    except InputError:
        host = ""
    at_site = {
        mission
        for row in _optional("sites", ("id", "name", "country", "missions"))
        if (host and row["country"] == host) or written in (folded(row["id"]), folded(row["name"]))
        for mission in row["missions"].split(";")
    }
    meant = aliases("mission").get(written)
    return [
        row["mission"]
        for row in mission_rows()
        if row["mission"] == meant
        or row["mission"] in at_site
        or (host and row.get("host") == host)
        or written == folded(row["mission"])
        or written in folded(row["mission"]).split()
        or (len(text) > 3 and written in folded(row.get("name", "")))
    ]


def kind(text: str, where: str = "") -> str:
    """A kind of contribution from the closed table."""
    return _one_of("kind", text, KINDS, where, aliases("kind"))


def framework(text: str, where: str = "") -> str:
    """A framework from the closed table."""
    return _one_of("framework", text, FRAMEWORKS, where, {})


def setting(name: str, value: float, where: str = "", role: str = "") -> None:
    """Check a lever or uncertainty (``role`` blank: any parameter) and its range in the table.

    ``name.JPN`` is one state's deviation; it has no range of its own.
    """
    table = parameters()
    shared, mark, code = name.partition(".")
    if mark and shared in table:
        code = state(code, where)
        rated = deviations()
        if name not in rated:
            raise _no_deviation(name, shared, rated, where)
        low, high = rated[name].get("low", ""), rated[name].get("high", "")
        _in_range(name, value, low, high, where)
        return
    valid = _role(role) if role else list(table)
    if name not in valid:
        if name in table:
            other = table[name].get("role", "")
            raise InputError(f"{_place(where)}{name!r} is no {role} but listed as {other}")
        raise unknown(role or "lever", name, valid, where)
    low, high = table[name].get("low", ""), table[name].get("high", "")
    _in_range(name, value, low, high, where)


def _no_deviation(name: str, shared: str, rated: Iterable[str], where: str) -> InputError:
    """The error for a deviation that no state has."""
    pairs = [one.partition(".") for one in rated]
    having = sorted({state for parameter, _, state in pairs if parameter == shared})
    if not having:
        return InputError(
            f"{_place(where)}{name}: {shared} has one value for all states; write {shared}"
        )
    return InputError(
        f"{_place(where)}{name}: deviations of {shared} are of {' and '.join(having)}; write "
        f"{shared}.{having[0]}, or {shared} for all states"
    )


def _in_range(name: str, value: float, low: str, high: str, where: str) -> None:
    if not math.isfinite(value):
        raise InputError(f"{_place(where)}{name} = {value} is not a number that it can have")
    if (low and value < float(low)) or (high and value > float(high)):
        raise InputError(
            f"{_place(where)}{name} = {value:g} is out of range; it goes from {low} to {high}"
        )


def provisions(patterns: Iterable[str], reform: str | None, where: str = "") -> list[str]:
    """Ids of the provisions that a law event names: ids, patterns with ``*``, or a reform."""
    try:
        return list(_provisions(tuple(patterns), reform, DATA / "instruments.csv", _stamp()))
    except InputError as error:
        raise InputError(f"{_place(where)}{error}") from None


def _stamp() -> int:
    path = DATA / "instruments.csv"
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=2048)
def _provisions(
    patterns: tuple[str, ...], reform: str | None, table: Path, stamp: int
) -> tuple[str, ...]:
    """Ids as above, found once for a table as it stands."""
    known = instruments()
    found: dict[str, None] = {}
    for pattern in dict.fromkeys(patterns):
        matching = fnmatch.filter(known, pattern)
        if not matching:
            raise unknown("instrument", pattern, known)
        found |= dict.fromkeys(matching)
    if reform is not None:
        packages = reforms()
        if reform not in packages:
            raise unknown("reform package", reform, packages)
        found |= dict.fromkeys(packages[reform])
    return tuple(found)


def _one_of(what: str, text: str, valid: Iterable[str], where: str, other: dict[str, str]) -> str:
    choices = list(valid)
    by_name = {folded(choice): choice for choice in choices}
    written = folded(text)
    if text.strip() in choices:
        return text.strip()
    if written in by_name:
        return by_name[written]
    if written in other and other[written] in choices:
        return other[written]
    raise unknown(what, text.strip(), choices, where)


def _is_text(what: str, text: object, where: str) -> None:
    if not isinstance(text, str):
        raise InputError(f"{_place(where)}{text!r} is no name of a {what}")


def _place(where: str) -> str:
    return f"{where}: " if where else ""
