"""What a sensitivity analysis found: printed, written as tables, drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from scenarios.storage import provenance
from scenarios.storage.csv_export import as_csv
from scenarios.storage.output_folder import OutputFolder
from scenarios.sweeps.store import ANALYSIS as FOLDER

from ..charts.heatmap import MOST, cells, heatmap
from ..charts.style.export import save
from ..charts.tornado import indices, tornado

if TYPE_CHECKING:
    from scenarios.sweeps.design import Design
    from scenarios.sweeps.sensitivity import Sensitivity
    from scenarios.sweeps.sweep import SweepResult

TABLES = ("noise", "indices", "ends", "regions")
SHOWN = 2  # outcomes on the heatmap
FORMATS = {"ever": ".0%", "months": ".0f", "first": ".0f"}


def title_of(design: Design, outcome: str) -> str:
    """An outcome as text."""
    return design.outcomes[outcome].title or outcome


def unit_of(design: Design, outcome: str) -> str:
    """Unit of an outcome's mean over runs."""
    asked = design.outcomes[outcome]
    return asked.unit or asked.variable


def note_of(noise: Any) -> str:
    """In a sentence: how many configurations, what was left out, what is due to random draws."""
    left = f"; {noise.left_out:,} left out because a run failed" if noise.left_out else ""
    if noise.variance == 0:
        return f"{noise.configurations:,} configurations of {noise.runs} runs{left}; all alike."
    return (
        f"{noise.configurations:,} configurations of {noise.runs} runs{left}. Of the spread of "
        f"single runs {noise.parameters:.0%} comes from the factors, {noise.draws:.0%} from random "
        "draws, "
        f"{noise.together:.0%} from both together."
    )


def print_answers(found: Sensitivity, design: Design) -> None:
    """Each outcome: how much is due to random draws, which factor matters, and where it is high."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=100, highlight=False)
    for noise in found.noise.itertuples():
        name = str(noise.outcome)
        console.print(f"\n[bold]{title_of(design, name)}[/bold] ({unit_of(design, name)})")
        console.print(note_of(noise))
        ends = found.ends[found.ends["outcome"] == name]
        own = found.indices[found.indices["outcome"] == name]
        table = Table(box=None, pad_edge=False)
        measures = list(dict.fromkeys(own["measure"]))
        for column in ("factor", "at its low end", "at its high end", *measures):
            table.add_column(column, justify="left" if column == "factor" else "right")
        for factor in dict.fromkeys(ends["factor"]):
            here = ends[ends["factor"] == factor].set_index("end")
            row = [str(factor)]
            for end in ("low", "high"):
                row.append(f"{here.loc[end, 'mean']:.3g} ({here.loc[end, 'label']})")
            for measure in measures:
                cell = own[(own["factor"] == factor) & (own["measure"] == measure)].iloc[0]
                text = f"{cell['value']:.2f}"
                if pd.notna(cell["low"]):
                    text += f" ({cell['low']:.2f} to {cell['high']:.2f})"
                row.append(text)
            table.add_row(*row)
        console.print(table)
        for turn in ends[ends["end"] == "between"].itertuples():
            console.print(
                f"  {turn.factor} does not move it one way: {turn.mean:.3g} at {turn.label}, "
                "beyond both ends; `peacekeeping compare` says why."
            )
        for region in found.regions[found.regions["outcome"] == name].itertuples():
            console.print(f"  {region.mean:.3g} where {region.region} ({region.share:.0%} of all)")


def write(
    found: Sensitivity, result: SweepResult, design: Design, overwrite: bool = False
) -> list[str]:
    """The tables of an analysis and its figures, in the folder ``sensitivity`` of the sweep's.

    Returns the names of the files; the folder changes whole.

    Raises:
        InputError: the folder cannot be written to, or holds what is not of such an analysis.
    """

    command = ["peacekeeping", "sensitivity", design.name]
    with OutputFolder(result.folder / FOLDER, command, overwrite) as place:
        for name in TABLES:
            (place.new / f"{name}.csv").write_bytes(as_csv(getattr(found, name)))
        with alt.utils.schemapi.debug_mode(False):
            for name, chart in charts(found, result, design).items():
                save(chart, place.new / "figures" / name)
        sweep = provenance.file_hash(result.folder / "manifest.json")
        manifest = {"content": FOLDER, "sweep": sweep, "program": provenance.describe(command)}
        return list(place.commit(manifest)["files"])


def charts(found: Sensitivity, result: SweepResult, design: Design) -> dict[str, alt.VConcatChart]:
    """Every figure by its name."""
    titles = {name: factor.title or name for name, factor in design.vary.items()}
    source = f"Source: sweep {design.name}, seed {design.seed}, {design.runs} runs a configuration."
    drawings: dict[str, alt.VConcatChart] = {}
    means = dict(zip(found.noise["outcome"], found.noise["mean"], strict=True))
    for noise in found.noise.itertuples():
        name = str(noise.outcome)
        same: dict[str, Any] = {
            "outcome": title_of(design, name),
            "titles": titles,
            "note": note_of(noise),
            "source": source,
        }
        ends = found.ends[found.ends["outcome"] == name]
        drawings[f"tornado-{name}"] = tornado(
            ends[ends["end"] != "between"], float(means[name]), unit=unit_of(design, name), **same
        )
        drawings[f"indices-{name}"] = indices(
            found.indices[found.indices["outcome"] == name], **same
        )
    against = grid_of(found, result, design, titles, source)
    if against is not None:
        drawings["heatmap"] = against
    return drawings


def grid_of(
    found: Sensitivity,
    result: SweepResult,
    design: Design,
    titles: dict[str, str],
    source: str,
) -> alt.VConcatChart | None:
    """The heatmap of the first outcomes: two numbers against each other, a panel for each choice.

    Of several numbers the two that move the first outcome most; None where there are fewer.
    """
    factors = result.design.to_table().to_pandas()
    columns = [str(name) for name in factors.columns[1:]]
    numbers = [name for name in columns if pd.api.types.is_numeric_dtype(factors[name])]
    choices = [name for name in columns if name not in numbers]
    if len(numbers) < 2:
        return None
    outcomes = list(design.outcomes)
    if len(numbers) > 2:
        first = found.ends[found.ends["outcome"] == outcomes[0]]
        span = first.groupby("factor")["mean"].agg(lambda column: column.max() - column.min())
        numbers = list(span[numbers].sort_values(ascending=False, kind="stable").index)
    x, y = numbers[:2]
    facet = choices[0] if choices else None
    summary = result.statistics.to_table().to_pandas()
    whole = summary[summary["failed"] == 0]
    means = whole.pivot(index="configuration", columns="outcome", values="mean")
    shown = [name for name in outcomes if means[name].notna().any()][:SHOWN]
    if not shown:  # none of them ever happened
        return None
    joined = factors.merge(means[shown], left_on="configuration", right_index=True)
    table = cells(joined, x, y, facet, shown)
    never = "" if table["value"].notna().all() else " Where there is none, it never happened."
    table = table.dropna(subset="value", ignore_index=True)
    keys: list[tuple[str, str]] = [("", "")]
    if facet is not None:
        named = design.vary[facet].choices or {}
        keys = [(key, choice.title or key) for key, choice in named.items()]
    left = int(factors.shape[0] - len(joined))
    missing = f" {left:,} configurations with a failed run are left out." if left else ""
    return heatmap(
        table,
        x=(titles.get(x, x), _order(factors[x], table["x"])),
        y=(titles.get(y, y), _order(factors[y], table["y"])),
        facets=keys,
        rows=[
            (
                name,
                f"{title_of(design, name)} ({unit_of(design, name)})",
                FORMATS.get(design.outcomes[name].measure, ",.0f"),
            )
            for name in shown
        ],
        title=design.question,
        subtitle=[f"Each cell is the mean of {design.runs} runs and more.{missing}{never}"]
        if len(columns) > 2 + bool(facet)
        else [f"Each cell is the mean over {design.runs} runs.{missing}{never}"],
        source=source,
    )


def _order(values: pd.Series, labels: pd.Series) -> list[str]:
    """Labels of an axis from the lowest to the highest."""
    found = list(dict.fromkeys(labels))
    if values.nunique() <= MOST:
        return [f"{value:g}" for value in sorted(values.unique())]
    return sorted(found, key=lambda label: float(label.split(" to ")[0]))
