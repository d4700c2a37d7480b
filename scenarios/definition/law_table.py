"""The law of a scenario: the documented instruments after repeals, moves, amendments, enactments.

Rows have the columns of the instrument table.  A row named in ``amends`` is out while the amending
row is in force; that rule belongs to the model, and is only respected here.
"""

from collections.abc import Iterable, Sequence

from model.errors import InputError
from model.months import month_number, month_text
from model.vocabulary import NUMBERS_READ

from ..file_format.dated_event import Event
from ..file_format.law_events import Amend, Enact, LawEvent, Move, Provision, Repeal, Replace
from ..file_format.schema import LATEST_MONTH, Scenario
from . import lookup

Row = dict[str, str]
Content = tuple[str, ...]

FIRST_MONTH = "1945-01"  # nobody sent peacekeepers before the UN
LISTS = ("kinds", "frameworks", "conditions")
PERMITTING = ("allow", "unfreeze", "authorise", "exempt")
READ = (
    *("state", "effect", "kinds", "frameworks", "host", "conditions", "authoriser"),
    *dict.fromkeys(name for read in NUMBERS_READ.values() for name in read),
)


def has_law(state: str) -> bool:
    """Whether a code is that of a state with documented law."""
    return any(row["state"] == state for row in lookup.instruments().values())


def in_range(month: str) -> int:
    """The number of a month of which the law is told.

    Raises:
        InputError: it is none, or out of range.
    """
    number = month_number(month, "month")
    if not month_number(FIRST_MONTH) <= number <= month_number(LATEST_MONTH):
        raise InputError(f"{month} is out of range; months go from {FIRST_MONTH} to {LATEST_MONTH}")
    return number


def is_law(event: Event) -> bool:
    """Whether an event changes the law."""
    return isinstance(event, LawEvent | Enact | Replace)


def table(events: Iterable[Event]) -> list[Row]:
    """Every instrument as it stands under the events; with none, the documented table."""
    return amended(
        list(lookup.instruments().values()), [event for event in events if is_law(event)]
    )


def amended(rows: Sequence[Row], events: Iterable[Event]) -> list[Row]:
    """The rows after the events, in their order; the input stays as it is.

    Repeal: lapses in the month, or never enters if that is not later than its entry; what it had
    amended is the law again, unless that is repealed with it.
    Move: the earliest of the named provisions enters in the month, the others keep their distance.
    Amend: the provision lapses in the month and a copy with the changes takes its place.
    Enact: a new row, or copies of another state's rows with what ``provision`` changes.
    Replace: a state's rows lapse in the month, copies of another's take their place.
    """
    current = [dict(row) for row in rows]
    before: dict[str, list[Row]] = {}  # the law before the replacements of a month
    for event in events:
        if isinstance(event, Replace):
            law = before.setdefault(event.month, [dict(row) for row in current])
            for row in own_rows(event, current):
                _repeal(row, event.month)
            current += _taken_over(event, law)
            continue
        if isinstance(event, Enact):
            current += _enacted(event, current)
            continue
        assert isinstance(event, LawEvent)
        chosen = set(lookup.provisions(event.instruments, event.reform))
        # an amendment leaves a copy behind, which goes by the same name
        named = [row for row in current if row["id"].partition("@")[0] in chosen]
        if isinstance(event, Repeal):
            for row in named:
                _repeal(row, event.month)
            current += _revived(named, event.month, current)
        elif isinstance(event, Move):
            _move(named, event.month)
        elif isinstance(event, Amend):
            entries: dict[str, list[str]] = {}  # of what amends each provision
            for row in current:
                entries.setdefault(row.get("amends", ""), []).append(row["in_force"])
            copies = (_amend(row, event, entries.get(row["id"], ())) for row in named)
            current += [copy for copy in copies if copy is not None]
    return current


def _repeal(row: Row, month: str) -> None:
    if not row["in_force"]:
        return
    if _before_or_at(month, row["in_force"]):
        row["in_force"] = row["lapses"] = ""
    elif not row["lapses"] or _before_or_at(month, row["lapses"]):
        row["lapses"] = month


def _revived(repealed: Sequence[Row], month: str, rows: Sequence[Row]) -> list[Row]:
    """Copies, from a month on, of what amendments repealed in that month had put out of force."""
    by_id = {row["id"]: row for row in rows}
    gone = {row["id"] for row in repealed}
    copies = []
    for row in repealed:
        older = by_id.get(row["amends"])
        if older is None or older["id"] in gone or row["lapses"] != month:
            continue
        if not older["lapses"] or _before_or_at(month, older["lapses"]):
            name = f"{older['id']}@{month}"
            copies.append(older | {"id": name, "in_force": month, "amends": ""})
    return copies


def _move(rows: Sequence[Row], month: str) -> None:
    entries = [month_number(row["in_force"]) for row in rows if row["in_force"]]
    if not entries:
        return
    shift = month_number(month) - min(entries)
    for row in rows:
        for column in ("in_force", "lapses"):
            if row[column]:
                row[column] = month_text(month_number(row[column]) + shift)


def _amend(row: Row, event: Amend, amendments: Sequence[str]) -> Row | None:
    """The copy that replaces a row, or None where the row itself is changed or never in force.

    ``amendments``: months in which what amends the row already enters.
    """
    if not row["in_force"]:
        return None
    if _before_or_at(event.month, row["in_force"]):
        row.update(_cells(event.change))
        return None
    known = [end for end in (row["lapses"], *amendments) if end]
    end = min(known, key=month_number) if known else ""
    if end and _before_or_at(end, event.month):
        return None
    copy = row | {"id": f"{row['id']}@{event.month}", "in_force": event.month, "lapses": end}
    row["lapses"] = event.month
    return copy | {"amends": ""} | _cells(event.change)


def _enacted(event: Enact, rows: Sequence[Row]) -> list[Row]:
    changes = _cells(event.provision) if event.provision is not None else {}
    changes |= {"state": event.state, "in_force": event.month, "amends": "", "reform": ""}
    if not event.like:
        empty = dict.fromkeys(rows[0], "")
        new = {"id": str(event.id), "authoriser": "none", "status": "assumption"}
        return [empty | {"title": str(event.id), "lapses": ""} | new | changes]
    chosen = lookup.provisions(event.like, None)
    copies = [row for row in rows if row["id"] in chosen]
    return [
        row
        | {"lapses": "", "status": "assumption"}
        | changes
        | {"id": f"{event.state}:{row['id']}"}
        for row in copies
    ]


def last_month(scenario: Scenario) -> int:
    """The last month whose law matters to a scenario: where reforms are an outcome of each run,
    those of later dates may come within the period."""
    dated = scenario.reform == "dated"
    return month_number(scenario.period.end if dated else LATEST_MONTH)


def longest_lead() -> float:
    """The longest lead of a unit in a crisis, months; a law that allows more changes nothing."""
    row = lookup.parameters().get("crisis_high")
    return float(row["value"]) if row is not None else float("inf")


def same(old: Sequence[Row], new: Sequence[Row], last: int) -> bool:
    """Whether rules read the same in a table after a change as before it, until a month; ``new``
    has the rows of ``old`` in their places, then others."""
    changed = [place for place, row in enumerate(old) if row != new[place]]
    before = [old[place] for place in changed]
    after = [*(new[place] for place in changed), *new[len(old) :]]
    return _acting(before, old, last) == _acting(after, new, last)


def _acting(rows: Sequence[Row], table: Sequence[Row], last: int) -> dict[Content, list[list[int]]]:
    """What rules read in some rows of a table until the month ``last``: of each content, the spells
    in which it is in force."""
    entries: dict[str, list[int]] = {}  # of what amends each provision, which it puts out of force
    for row in table:
        if row["in_force"] and row.get("amends"):
            entries.setdefault(row["amends"], []).append(entry(row))
    most = longest_lead()
    found: dict[Content, list[list[int]]] = {}
    for row in rows:
        if not row["in_force"] or row["effect"] == "background":
            continue
        ends = [month_number(row["lapses"])] if row["lapses"] else []
        first, end = entry(row), min([last + 1, *ends, *entries.get(row["id"], ())])
        if first < end:
            found.setdefault(_read(row, most), []).append([first, end])
    for content, spells in found.items():
        joined: list[list[int]] = []
        for first, end in sorted(spells):
            if joined and joined[-1][1] == first:
                joined[-1][1] = end
            else:
                joined.append([first, end])
        found[content] = joined
    return found


def _read(row: Row, most: float) -> Content:
    """The content of a provision as rules read it."""
    cells = {name: row.get(name, "") for name in READ}
    for name in LISTS:
        cells[name] = ";".join(sorted(filter(None, cells[name].split(";"))))
    if row["effect"] in PERMITTING and cells["lead_max"] and float(cells["lead_max"]) >= most:
        cells["lead_max"] = ""
    return tuple(cells.values())


def entry(row: Row) -> int:
    """Month in which a provision enters into force."""
    return month_number(row["in_force"])


def in_force(row: Row, month: str) -> bool:
    """Whether a provision is in force in a month."""
    begun = bool(row["in_force"]) and _before_or_at(row["in_force"], month)
    return begun and not (row["lapses"] and _before_or_at(row["lapses"], month))


def own_rows(event: Replace, rows: Sequence[Row]) -> list[Row]:
    """Rows of the state that a replacement puts out of force."""
    kept = lookup.provisions(event.keep, None)
    return [
        row
        for row in rows
        if row["state"] == event.state and row["id"].partition("@")[0] not in kept
    ]


def _taken_over(event: Replace, rows: Sequence[Row]) -> list[Row]:
    """Copies of the other state's rows that are in force at the month or enter later."""
    left = lookup.provisions(event.without, None)
    copies = []
    for row in rows:
        if row["state"] != event.by or row["id"].partition("@")[0] in left or not row["in_force"]:
            continue
        if row["lapses"] and _before_or_at(row["lapses"], event.month):
            continue
        since = event.month if _before_or_at(row["in_force"], event.month) else row["in_force"]
        amends = row.get("amends", "")
        copies.append(
            row
            | {
                "id": f"{event.state}:{row['id']}",
                "state": event.state,
                "in_force": since,
                "amends": f"{event.state}:{amends}" if amends else "",
                "reform": "",
                "status": "assumption",
            }
        )
    return copies


def _cells(provision: Provision) -> Row:
    """Only what is written, as cells of the table."""
    cells: Row = {}
    for column, value in provision.model_dump(exclude_none=True).items():
        if column in LISTS:
            cells[column] = ";".join(value)
        else:
            cells[column] = f"{value:g}" if isinstance(value, float) else str(value)
    return cells


def _before_or_at(first: str, second: str) -> bool:
    return month_number(first) <= month_number(second)
