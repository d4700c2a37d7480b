"""The page of limits: what came of each attempt to break the model's claims, surprises explained.

``python -m viz.reports.limits_report`` repeats the attempts and writes ``docs/limits.csv`` and
``docs/limits.md``; with ``--text`` only the words are written again, from the stored table.
Explanations stand in ``docs/parts/limits.csv``, by claim.
"""

import csv
import sys
from pathlib import Path

from calibration.stress_tests.extremes import attempts
from model.csv_rows import read

DOCS = Path(__file__).parents[2] / "docs"
STORED = DOCS / "limits.csv"
PAGE = DOCS / "limits.md"
EXPLAINED = DOCS / "parts" / "limits.csv"
COLUMNS = ("group", "change", "claim", "measured", "holds")

HEADS = {
    "signs": (
        "Signs of the terms",
        "One engineer unit is weighed for South Sudan (January 2012) or, where a coalition is "
        "meant, for Iraq (June 2004), at the centre of the parameters. One input moves; the term "
        "that it belongs to must move the utility the way that research reports, and no other "
        "term may move.",
    ),
    "levers": (
        "Levers",
        "One lever moves; everything else, random draws included, stays: the mean difference "
        "between paired runs with its 95% interval, on the mean of the baseline (people a month, "
        "Japan and Korea together unless one is named).",
    ),
    "limits": ("Extremes", "One thing at the end of its range: what rests on it must stop."),
    "placebos": (
        "Placebos",
        "Changes that change nothing, or nothing yet: the people of every run and month must be "
        "equal to the bit.",
    ),
    "exchanged": (
        "Another's data",
        "No state is named in the rules: with every row of two states exchanged, and the random "
        "draws that goes with a name, each is the other.",
    ),
    "shuffled": ("A shuffled record", "What fits one state must not fit another as well."),
}


def stored() -> list[dict[str, str]]:
    """The attempts as they were last made, in order."""
    return [dict(row) for row in read(STORED, COLUMNS)]


def explanations() -> dict[tuple[str, str], str]:
    """Why an attempt surprised, by change and claim."""
    return {
        (row["change"], row["claim"]): row["explanation"]
        for row in read(EXPLAINED, ("change", "claim", "explanation"))
    }


def page(rows: list[dict[str, str]], known: dict[tuple[str, str], str]) -> str:
    """The document of a table of attempts.

    Raises:
        KeyError: a surprise has no explanation.
    """
    odd = [row for row in rows if row["holds"] != "yes"]
    lines = [
        "# Limits",
        "",
        "What a sceptic would try in order to break the claims of the model, and what came of it. "
        f"Of {len(rows)} attempts {len(rows) - len(odd)} ended as the claim says; the other "
        f"{len(odd)} surprised and are explained. Written by "
        "`python -m viz.reports.limits_report`; "
        "`tests/calibration/test_stress_tests.py` makes the quick ones again.",
    ]
    for group, (title, words) in HEADS.items():
        own = [row for row in rows if row["group"] == group]
        if not own:
            continue
        lines += ["", f"## {title}", "", words, ""]
        lines += ["| what is changed | what should follow | measured | |", "|---|---|---|---|"]
        for row in own:
            mark = "" if row["holds"] == "yes" else "**surprise**"
            lines.append(f"| {row['change']} | {row['claim']} | {row['measured']} | {mark} |")
        for row in own:
            if row["holds"] != "yes":
                words = known[row["change"], row["claim"]]
                lines += ["", f"**{row['change']}: {row['claim']}?** {words}"]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> None:
    """Make the attempts (not with ``--text``) and write the page."""
    if "--text" not in arguments:
        rows = []
        for one in attempts():
            cells = (one.group, one.change, one.claim, one.measured, "yes" if one.holds else "no")
            rows.append(dict(zip(COLUMNS, cells, strict=True)))
            print(f"{'  ' if one.holds else '! '}{one.change}: {one.measured}", flush=True)
        with STORED.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    PAGE.write_text(page(stored(), explanations()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
