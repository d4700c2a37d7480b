"""The validation report: Markdown, HTML, figures and the numbers behind them."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from calibration.fitting import parameter_recovery
from calibration.validation import known_misfits
from calibration.validation.markdown_table import markdown_table
from calibration.validation.report_tables import HEADS, Report, claim, save
from model.vocabulary import STUDIED
from scenarios.storage import provenance
from scenarios.storage.output_folder import OutputFolder

from ..charts import skill_charts as figures
from ..charts.style.export import save as save_figure
from ..text.misfit_text import HEADING, section

SHOWN = [*STUDIED, "BGD", "IND", "ETH"]
COLUMNS = ["forecaster", *HEADS]
KNOWN = {  # what the forecast knows of later dates, by ``--given``
    "calendar": "The forecast knows the mission calendar (dates, mandates, initial strength and "
    "conditions), but nothing else of later date.",
    "nothing": "The forecast knows nothing of later date.",
}


def write(report: Report, place: OutputFolder, command: Sequence[str]) -> list[str]:
    """Write ``validation.md``, ``.html``, ``.json`` and the figures; returns the names of all."""
    stored = save(report, place.new)
    held_out = report.found.rows.query("forecaster == 'simulation' and state in @SHOWN")
    skill, rows = report.found.skill, report.found.rows
    inside = rows.filter(like="inside_").groupby(rows["forecaster"]).mean().reset_index()
    charts: dict[str, tuple[Any, pd.DataFrame]] = {
        "skill": (figures.skill(skill), skill),
        "bands": (figures.bands(held_out, SHOWN), held_out),
        "reliability": (figures.reliability(rows), inside),
        "posterior": (figures.posterior(report.posterior), report.posterior),
    }
    for name, (chart, data) in charts.items():
        save_figure(chart, place.new / "figures" / f"validation-{name}", data)
    text = markdown(report, claim(stored))
    (place.new / "validation.md").write_bytes(text.encode())
    (place.new / "validation.html").write_bytes(as_html(text).encode())
    manifest = {"content": "validation", "program": provenance.describe(command)}
    return list(place.commit(manifest)["files"])


def markdown(report: Report, sentence: str) -> str:
    """The report as Markdown."""
    found = report.found
    parts = [
        "# How well the model forecasts",
        "Written by `peacekeeping validate --out DIR`; change the model, not this page.",
        "## One forecast in full",
        f"Origin {report.origin}, scored to {report.until}, {report.runs} runs, seed "
        f"{report.seed}; parameters from a calibration on data up to {report.fit}.",
        f"{KNOWN[report.given]} Three caveats. The weights of Japan and Korea come from decisions "
        "before the origin, but their terms were chosen with data to 2023 in view. Weights of "
        "other states that have no likelihood were set by hand with the same data in view. And "
        "data of 2011 to 2014 informed several modelling choices: term length, further units of "
        "the same state, resizing, open calls, turnover by kind, priors and fitting windows.",
        sentence,
        "## Aims",
        markdown_table(report.aims),
        "## Skill",
        "Yearly mean people in UN missions, on log(1 + people). `of persistence` is CRPS over that "
        "of persistence from the last known month; `persistence, last year` starts from the mean "
        "of the last known year. `regression forest` knows every contributor's past and the usual "
        "covariates and assumes no mechanism. `simulation and persistence` averages the two; use "
        "it if you need totals only. Lower is better.",
        "![Error by horizon](figures/validation-skill.svg)",
    ]
    for group, part in found.skill.groupby("group", sort=False):
        parts += [f"### {group} ({int(part['cases'].iloc[0])} state-years)"]
        parts += [markdown_table(part[COLUMNS], HEADS)]
    parts += [
        "## Joins and exits by state and mission",
        "Brier scores of pairs absent (joins) or present (exits) at the origin, in missions that "
        "still exist at the end of the year.",
        markdown_table(found.moves) if len(found.moves) else "Not observed from this origin on.",
        "## Held-out years",
        "![Held-out years](figures/validation-bands.svg)",
        "![Reliability](figures/validation-reliability.svg)",
        "## Before and after the fit",
        "`left` is the share of the prior's spread that is left: near one (or above it, by the "
        "chance of sixty draws), the data say nothing and the prior decides. `low` and `high` "
        "bound 80%. Rows with a state's code are its departure from the shared weight, not the "
        "weight itself.",
        markdown_table(report.posterior),
        "![Prior and posterior](figures/validation-posterior.svg)",
        UNIDENTIFIED,
        "## Known parameters found again",
        *recovery(report.recovery),
        "## Targets",
        TARGETS,
        markdown_table(report.targets),
        gained(report.targets),
        "### Documented cases one by one",
        CASES,
        markdown_table(report.cases),
        "## Refusals ranked below acceptances",
        RANKING,
        markdown_table(report.ranking),
        "Each refusal compared with the acceptances of the same state in the same group of "
        "frameworks (`matched`): the chance of yes, and the share of them that rank above it.",
        markdown_table(report.refused),
        "## Stylised facts",
        "Observed in the last month scored, with the simulated median and 80% interval.",
        markdown_table(report.facts),
        "### Japan and Korea, in the documented world run again",
        markdown_table(report.watched_facts),
        "## What each mechanism adds",
        "Change of CRPS when a mechanism is switched off: positive, it helps; within about two per "
        "cent of nothing, it adds nothing to this forecast. The whole model is run again for this "
        "table, with fewer runs; of Japan and Korea eight state-years decide.",
        markdown_table(report.ablations),
        "\n".join(f"- {line}" for line in known_misfits.of_mechanisms(report.ablations)),
        f"## {HEADING}",
        section(report.known(), report.misfits, report.sorts),
        "## Contributors at the end",
        "People in UN missions at the origin and in the last month scored, observed, with the "
        "simulated median and 80% band, by rank.",
        markdown_table(report.contributors),
    ]
    return "\n\n".join(parts) + "\n"


LEANS = 0.01  # probability of ranks so uneven, below which a fit is said to lean
UNIDENTIFIED = (
    "The decision weights of Japan and Korea have a likelihood of their own: prior and posterior "
    "of each are in `docs/decision_fit.md`, with what the data say. All other parameters keep the "
    "value and range of `parameters.csv`. Not identified are embeddedness against dependence, "
    "training throughput and the lag of reform (`calibration/record/model_review.md`, section 2)."
)
TARGETS = (
    "What the model is held against (`calibration/record/targets.csv` has alignment, likelihood, "
    "spread and weight of each): those of Japan and Korea in the documented world run again with "
    "the draws of this fit and their own; those of all others in the forecast. `observed`, "
    "`median`, `low`, `high` are means over the points with their 80 % interval over runs; "
    "`inside 80` is the share of points within their own band; `log likelihood` is the mean over "
    "the points. `prior median` and `prior log likelihood` are "
    "the same with draws of the prior, before the fit, and `gained` is what the fit adds to the "
    "weighted log likelihood.\n\n"
    "`enters` says how a target reaches the parameters: `distance`, the yearly totals of these "
    "people are part of the distance of the panel's fit (those of years up to the origin, all "
    "kinds together); `decisions`, the fit of the two states' decisions sees the same evidence "
    "up to the origin; `prior`, through the regressions behind the priors; `checked`, not at all: "
    "these targets only judge, save that terms were chosen with many of them in view."
)
CASES = (
    "Joins, refusals, reductions, exits, stays and non-requests apart: the share of runs that did "
    "as documented, in history run again from 1990, so that what a run did before counts (the "
    "ranking below puts every request alone, with the past as recorded). A join counts whatever "
    "its size. Exits, reductions and stays are judged in the runs that had a unit there "
    "(`runs`, and as a share `applies`)."
)
RANKING = (
    "Documented requests for units are put to the model in their month, with everything before as "
    "recorded. `at_once` is the first answer, `within_year` counts what was deferred and "
    "reconsidered. AUC is the chance that an acceptance ranks above a clean refusal, with a 95% "
    "interval from 2,000 bootstrap samples over cases; with fourteen refusals it allows no sharp "
    "claim; the weights of Japan and Korea were fitted to the decisions before the origin, and "
    "the terms were chosen with these cases in view."
)


def gained(table: pd.DataFrame) -> str:
    """What the fit adds to the weighted log likelihood, by the way in which targets enter."""
    parts = [
        f"{part['gained'].sum():+.2f} in {len(part)} that enter as `{enters}`"
        for enters, part in table.groupby("enters", sort=False)
    ]
    return (
        f"Weighted log likelihood of all targets: {table['weighted'].sum():,.2f} after the fit, "
        f"{(table['weighted'] - table['gained']).sum():,.2f} before it ({', '.join(parts)}). The "
        "panel's fit leaves Japan and Korea alone."
    )


def recovery(table: pd.DataFrame) -> list[str]:
    """What fits to simulated records say of each parameter."""
    if table.empty:
        return [
            "The stored recoveries are of another set of parameters; repeat them with "
            "`peacekeeping calibrate --synthetic 40`."
        ]
    held = ", ".join(
        f"{part['inside_80'].mean():.0%} among {drawn} draws"
        for drawn, part in table.groupby("drawn")
    )
    sizes = table["drawn"].nunique()
    size = "as many as one generation of a fit tries"
    if sizes > 1:
        size += ", and a larger pool"
    known = table.groupby("parameter", sort=False)["identified"]
    in_all, in_none = known.all(), ~known.any()
    only = f" Only by the larger: {_listed(~in_all & ~in_none)}." if sizes > 1 else ""
    return [
        f"In {int(table['repeats'].max())} repeats parameters were drawn from the prior, a record "
        "was simulated with them, and fitted as the real one. `error` is the median distance of "
        "the found from the true value, `follows` their correlation, `left` the share of the "
        "prior's spread that is left, `mean rank` that of the truth among the draws (0.5 where "
        "nothing leans) and `uniform p` a Kolmogorov-Smirnov test that ranks are uniform. "
        f"A parameter is found again (`identified`) where `left` is at most "
        f"{parameter_recovery.IDENTIFIED} and `follows` at least {parameter_recovery.FOLLOWS}. "
        "`drawn` is the number of draws of the prior among which the best are kept: "
        f"{size}. 80% intervals that hold the truth: {held}.",
        markdown_table(table),
        f"Found again: {_listed(in_all)}.{only} Not found again, so that for them the prior stands "
        f"and their draws carry little beyond it: {_listed(in_none)}.",
        *leaning(table),
    ]


def leaning(table: pd.DataFrame) -> list[str]:
    """Parameters of which the fit errs to one side."""
    those = table[table["uniform_p"] < LEANS].drop_duplicates("parameter")
    if those.empty:
        return []
    words = ", ".join(
        f"`{row['parameter']}` (drawn too {'high' if row['mean_rank'] < 0.5 else 'low'}; its 80% "
        f"interval holds the truth in {row['inside_80']:.0%} of the repeats)"
        for row in those.to_dict("records")
    )
    return [f"Ranks are not uniform, so that the fit leans to one side: {words}."]


def _listed(chosen: pd.Series) -> str:
    """Names of the parameters of which something is true."""
    return ", ".join(f"`{name}`" for name in chosen.index[chosen]) or "none"


def as_html(text: str) -> str:
    """The Markdown as a page of its own that needs no network."""
    from markdown import markdown as convert  # type: ignore[import-untyped, unused-ignore]

    body = convert(text, extensions=["tables"])
    style = (
        "body{font:16px/1.5 Arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
        "color:#1f2933}table{border-collapse:collapse;font-size:14px}td,th{padding:.2rem .6rem;"
        "border-bottom:1px solid #e8ebee;text-align:right}td:first-child,th:first-child"
        "{text-align:left}img{max-width:100%}"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Validation</title>'
        f"<style>{style}</style></head><body>{body}</body></html>\n"
    )
