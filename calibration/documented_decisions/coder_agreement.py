"""How far a second coder agrees with the first: grade and finding of asks, a host's consent.

    python -m calibration.documented_decisions.coder_agreement

Raw agreement and Cohen's kappa (1960), on thirty asks and sixty spells of consent at random.  The
second coder of the asks read the first one's words on who asked and what for, so that kappa of the
grade is an upper bound; that of consent saw neither the first codes nor who contributed what.
"""

from __future__ import annotations

import pandas as pd

from ..raw_data.raw_files import coded

ASKS = (
    "id", "grade", "grade_second", "finding", "finding_second", "confidence", "decision",
    "evidence", "source", "status",
)  # fmt: skip
SPELLS = (
    "mission", "from", "to", "consent", "consent_second", "confidence", "evidence", "source",
    "status",
)  # fmt: skip


def codings() -> dict[str, pd.DataFrame]:
    """What was coded twice, by the name of its column; the second code is in ``NAME_second``."""
    asks, spells = coded("second_coding", ASKS), coded("second_coding_consent", SPELLS)
    return {"grade": asks, "finding": asks, "consent": spells}


def agreement() -> pd.DataFrame:
    """A row for each thing coded: cases, share agreed, share expected by chance, kappa."""
    rows = []
    for name, frame in codings().items():
        first, second = frame[name], frame[f"{name}_second"]
        agreed = float((first == second).mean())
        shares = [column.value_counts(normalize=True) for column in (first, second)]
        chance = float((shares[0] * shares[1]).sum())
        rows.append(
            {"coded": name, "cases": len(frame), "agreed": agreed, "by_chance": chance,
             "kappa": (agreed - chance) / (1.0 - chance)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def main() -> None:
    """Print the agreement and where the two differ."""
    print(agreement().to_string(index=False, float_format="%.2f"))
    for name, frame in codings().items():
        differ = frame[frame[name] != frame[f"{name}_second"]]
        print(f"\n{name}: the two differ on {len(differ)}")
        told = [frame.columns[0], name, f"{name}_second", "evidence"]
        print(differ[told].to_string(index=False, max_colwidth=60))


if __name__ == "__main__":
    main()
