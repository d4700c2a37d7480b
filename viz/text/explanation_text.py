"""Why a state answered as it did, in words that are read at a glance.

One block for each answer of run 0 (law, capacity, choice, vote, what would have turned it), then
the outcomes over all runs, compared with what is documented.  The reasons themselves come from
``scenarios.explanation.decisions``; this is their text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from model import csv_rows
from model.errors import InputError
from model.months import month_number, month_text
from scenarios.definition import lookup
from scenarios.explanation import decisions
from scenarios.explanation.over_runs import turning
from scenarios.running import labelled_arrays
from scenarios.running.other_tables import takes_tables
from scenarios.running.run_options import RunOptions, in_command
from scenarios.storage import display, provenance
from scenarios.storage.csv_export import as_csv
from scenarios.storage.output_folder import OutputFolder

from . import change_text, outcome_shares, presence_text
from .decision_text import Account, headline
from .labels import kind_name, state_name
from .text_lines import WIDTH, Line, wrapped

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from rich.console import Console

    from scenarios.explanation.counterfactuals import Turn
    from scenarios.explanation.decisions import Answers
    from scenarios.explanation.over_runs import Turning
    from scenarios.file_format.schema import Scenario


@dataclass(frozen=True, repr=False)
class Explanation(display.Displayed):
    """The answers of a state with their reasons; ``str()`` is the text for a reader.

    Example:
        >>> import peacekeeping as pk
        >>> answers = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
        >>> answers.decisions["mission"].unique().tolist()
        ['UNTAC']
    """

    answers: Answers
    month: str | None = None
    everything: bool = False
    factors: bool = False
    data: dict[str, str] = field(default_factory=provenance.data_hashes)  # of the tables, then
    folder: Path | None = None  # where it was saved

    @property
    def decisions(self) -> pd.DataFrame:
        """Every answer of run 0, one row each."""
        return self.answers.decisions

    @property
    def outcomes(self) -> pd.DataFrame:
        """What became of each request over the runs, as shares."""
        return self.answers.outcomes

    @property
    def renewals(self) -> pd.DataFrame:
        """By mission and kind over all runs: renewals answered, share that stayed."""
        return self.answers.renewals

    def turns(self, number: int) -> list[Turn]:
        """What would have turned answer ``number`` of run 0, its draw held fixed."""
        return self.answers.turns(number)

    def over_runs(self, number: int) -> Turning:
        """What would have turned answer ``number`` over the runs, and from which value of a lever.

        Example:
            >>> import peacekeeping as pk
            >>> answers = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
            >>> 0.0 <= answers.over_runs(0).share.yes <= 1.0
            True
        """
        return turning(self.answers, number)

    def shown(self) -> list[int]:
        """Numbers of the answers given in full; of the renewals, those that ended in leaving."""
        table = self.decisions
        if table.empty or (self.month is None and not self.answers.mission):
            return []
        keep = (table["reason"] != "renewal") | (table["outcome"] != "accepted")
        if self.month is not None:
            keep = table["month"] == self.month
        elif self.everything:
            keep = table["month"] != ""
        return [int(number) for number in keep[keep].index]

    def summary(self) -> pd.DataFrame:
        """What became of each request over the runs, as shares: ``outcomes``."""
        return self.outcomes

    def to_frame(self, *, every_run: bool = False) -> pd.DataFrame:
        """The answers of run 0, or of every run, indexed by month."""
        table = self.answers.everything if every_run else self.decisions
        if table.empty:
            return table
        return table.set_index(labelled_arrays.periods(table["month"])).drop(columns="month")

    def to_xarray(self) -> xarray.Dataset:
        """The choice behind every answer of every run: weight times term, and what they add up to.

        Returns:
            ``contribution`` by answer and term, ``utility`` and ``probability`` by answer; run,
            month, mission, kind, reason and outcome are coordinates of the answer.

        Raises:
            InputError: the state was never asked, or xarray is not installed (extra ``analysis``).

        Example:
            >>> import peacekeeping as pk
            >>> answers = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
            >>> answers.to_xarray().contribution.dims
            ('answer', 'term')
        """
        table, terms = self.answers.everything, list(self.answers.weights)
        if table.empty:
            raise InputError(f"{self!r}: it was never asked, so there is nothing to lay out")
        labels: dict[str, Any] = {"answer": range(len(table)), "term": terms}
        for name in ("run", "mission", "kind", "reason", "outcome"):
            labels[name] = ("answer", table[name].to_numpy())
        labels["month"] = ("answer", table["month"].tolist())
        numbers = table[[f"term_{name}" for name in terms]].to_numpy(dtype=float)
        arrays: dict[str, Any] = {"contribution": (("answer", "term"), numbers)}
        arrays |= {
            name: (("answer",), table[name].to_numpy()) for name in ("utility", "probability")
        }
        units = {"contribution": "log odds", "utility": "log odds", "probability": "share"}
        about = {
            "scenario": self.answers.scenario.name,
            "state": self.answers.state,
            "runs": self.answers.runs,
            "seed": str(self.answers.seed),
        }
        return labelled_arrays.dataset(arrays, labels, about, units)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> Explanation:
        """Write text, tables and figures into a folder, as ``peacekeeping explain --out`` does.

        ``explanation.txt``; ``decisions`` (run 0), ``outcomes`` and ``renewals`` (all runs) as CSV;
        a waterfall of each answer that the text gives in full; ``manifest.json``.

        Returns:
            The explanation, with its ``folder``.

        Raises:
            InputError: a folder that cannot be written to, or is in use for something else.

        Example:
            >>> import peacekeeping as pk
            >>> answers = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
            >>> (answers.save("untac").folder / "explanation.txt").exists()
            True
        """
        asked = self.answers
        program = provenance.describe(self._command())
        if self.data != provenance.data_hashes():
            raise InputError(
                "these answers were made with other tables than those in use; write them with "
                "'peacekeeping explain ... --tables DIR --out DIR'"
            )
        shown = [f"answer-{number}" for number in self.shown()]
        charts = display.studio().charts_of(self)
        with OutputFolder(folder, program["command"], overwrite) as place:
            (place.new / "explanation.txt").write_text(str(self), encoding="utf-8")
            for name in ("decisions", "outcomes", "renewals"):
                (place.new / f"{name}.csv").write_bytes(as_csv(getattr(self, name)))
            wanted = {name: charts[name] for name in shown if name in charts}
            display.studio().export(wanted, place.new)
            manifest = {
                "content": "explanation",
                "scenario": {"name": asked.scenario.name, **asked.scenario.model_dump(mode="json")},
                "overrides": dict(asked.overrides),
                "runs": asked.runs,
                "seed": asked.seed,
                "program": program,
            }
            place.commit(manifest)
            return replace(self, folder=place.folder)

    def _command(self) -> list[str]:
        """The command that writes the same, without the folder."""
        asked = self.answers
        command = ["peacekeeping", "explain", asked.scenario.name, "--state", asked.state]
        command += ["--mission", asked.mission] if asked.mission else []
        command += ["--month", self.month] if self.month else []
        command += ["--runs", str(asked.runs), "--seed", str(asked.seed)]
        command += ["--all"] if self.everything else []
        return command + in_command(asked.overrides)

    def __repr__(self) -> str:
        """In a line: whose answers, in what."""
        asked = self.answers
        place = asked.mission or "all missions"
        return f"Explanation of {asked.state}, {place}, in {asked.scenario.name}, {asked.runs} runs"

    def __str__(self) -> str:
        from rich.console import Console

        text = io.StringIO()
        self.print(Console(file=text, width=WIDTH, color_system=None, force_jupyter=False))
        return text.getvalue()

    def print(self, console: Console) -> None:
        """Write the text, with colours where the console has them."""
        for text, style in self.lines():
            console.print(text, style=style or None, markup=False, highlight=False, soft_wrap=True)

    def lines(self) -> Iterator[Line]:
        """The text line by line, each with its style."""
        answers = self.answers
        period, place = answers.scenario.period, answers.mission or "all missions"
        yield (
            f"{state_name(answers.state)} and {place}, scenario {answers.scenario.name}, "
            f"{period.start} to {period.end}",
            "bold",
        )
        shown = self.shown()
        ends = self._ends()
        if self.month is not None and not shown and not ends:
            yield from self._nearest()
        if self.decisions.empty:
            yield from outcome_shares.never_asked(answers)
        elif shown:
            yield (f"Answers of run 0 (seed {answers.seed}); outcomes over all runs are below.", "")
        yield from self._decided_elsewhere()
        cited: set[str] = set()
        for number in shown:
            month = self.decisions["month"].iloc[number]
            while ends and ends[0]["month"] <= month:  # the law is looked at before any request
                yield from self._end(ends.pop(0))
            yield from Account(answers, number, self.factors).lines(cited)
            if self.month is not None and answers.mission:
                yield from self._over_runs(number)
        for row in ends:
            yield from self._end(row)
        yield from presence_text.renewals(answers)
        yield from self._endings()
        yield from self._outcomes()

    def _over_runs(self, number: int) -> Iterator[Line]:
        """What would have turned an answer over the runs, where one month is asked about."""
        if self.decisions["stopped_by"].iloc[number] == "too_small":
            return
        over = self.over_runs(number)
        label = f"over {over.runs} runs"
        for text in (
            change_text.over_runs(over),
            *change_text.over_lever_lines(over),
            *change_text.over_law_lines(self.answers, over),
        ):
            yield from wrapped(label, text)
            label = ""

    def _ends(self) -> list[dict[Any, Any]]:
        """Deployments of run 0 that were suspended or ended without a decision, by month, where
        answers are given in full."""
        if self.month is None and not self.answers.mission:
            return []
        ends, held = self.answers.endings, self.answers.suspensions
        ends, held = (table[table["run"] == self.answers.run] for table in (ends, held))
        if self.month is not None:
            ends = ends[ends["month"] == self.month]
            held = held[(held["first"] <= self.month) & (held["last"] >= self.month)]
        rows = [*held.assign(month=held["first"]).to_dict("records"), *ends.to_dict("records")]
        return sorted(rows, key=lambda row: str(row["month"]))

    def _end(self, row: Mapping[Any, Any]) -> Iterator[Line]:
        yield ("", "")
        if "ended" not in row:
            yield (presence_text.suspended(self.answers, row), "bold red")
            return
        yield (presence_text.headline(self.answers, row), "bold red")
        law = presence_text.law(self.answers, row)
        if law:
            yield from wrapped("law", law)

    def _endings(self) -> Iterator[Line]:
        """What ended deployments over all runs, apart from refused renewals."""
        if not self.answers.mission or self.answers.endings.empty:
            return
        yield ("", "")
        yield (f"Ended without a renewal, {self.answers.runs} runs", "bold")
        for kind, text in presence_text.summary(self.answers):
            yield from wrapped(kind_name(kind), text)

    def _nearest(self) -> Iterator[Line]:
        months = self.decisions["month"].tolist() if len(self.decisions) else []
        before = max((m for m in months if m < str(self.month)), default=None)
        after = min((m for m in months if m > str(self.month)), default=None)
        yield (f"No decision falls in {self.month} in run 0.", "")
        for words, month in (("Nearest before", before), ("Nearest after", after)):
            if month is None:
                yield (f"{words}: none.", "")
                continue
            for row in self.decisions[self.decisions["month"] == month].to_dict("records"):
                yield (f"{words}: {month}, {headline(self.answers, row)}", "")

    def _decided_elsewhere(self) -> Iterator[Line]:
        """Where the people of this mission were decided on: in answer to a request of another."""
        every = csv_rows.read(lookup.DATA / "requests.csv", ("id", "mission", "state", "part_of"))
        known = {row["id"]: row for row in every}
        for row in every:
            whole = known.get(row["part_of"])
            mine = row["state"] == self.answers.state and row["mission"] == self.answers.mission
            if mine and whole is not None and whole["mission"] != row["mission"]:
                yield (
                    f"Decided as an alternative to {whole['id']}: see --mission "
                    f"'{whole['mission']}'.",
                    "",
                )

    def _outcomes(self) -> Iterator[Line]:
        answers = self.answers
        table = answers.outcomes
        if table.empty:
            return
        if self.month is not None and not answers.mission:
            inside = set(self.decisions.loc[self.decisions["month"] == self.month, "mission"])
            table = table[table["mission"].isin(inside)]
        elif not answers.mission:
            table = table[table["request"] != ""]
        yield ("", "")
        yield from outcome_shares.lines(answers, table)
        if not answers.mission and self.month is None:
            yield ("Name a mission with --mission to see the reasons.", "")


@takes_tables
def explain(
    scenario: str | Path | Mapping[str, Any] | Scenario,
    state: str,
    mission: str | None = None,
    month: str | None = None,
    *,
    runs: int = 100,
    seed: int = 1,
    everything: bool = False,
    factors: bool = False,
    tables: str | Path | None = None,
    **options: Unpack[RunOptions],
) -> Explanation:
    """Why a state answered as it did on a mission: law, terms, chance, vote, capacity, answer.

    ``print()`` the result to read it; ``.decisions`` (run 0) and ``.outcomes`` (all runs) are
    tables, ``.turns(n)`` is what would have changed answer n.

    Args:
        scenario: a name in the library, a TOML file, a dictionary, or a Scenario.
        state, mission: code, name or alias; without a mission an overview of all requests.
        month: only the answers of this month, in full.
        runs, seed, tables, options: as in ``run``.
        everything: give every renewal in full, not only those that ended in leaving.
        factors: group the terms of each answer by the five factors for authorising a deployment
            (record JSG-016), with weight and value.

    Raises:
        InputError: anything misspelt or out of range, in one sentence.

    Example:
        >>> import peacekeeping as pk
        >>> answers = pk.explain("historical", "JPN", "UNTAC", runs=3, end="1993-12")
        >>> print(str(answers).splitlines()[0])
        Japan and UNTAC, scenario historical, 1990-11 to 1993-12
    """
    found = decisions.find(scenario, state, mission, month, runs=runs, seed=seed, **options)
    chosen = None if month is None else month_text(month_number(month))
    return Explanation(found, chosen, everything, factors)
