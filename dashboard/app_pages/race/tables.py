"""The numbers of a race as tables."""

import pandas as pd

from core.measures.race import (
    Spread,
    bits,
)
from dashboard.app_pages.race.competition import Race
from dashboard.shell import titles
from dashboard.shell.words import label


def verdict_table(race: Race) -> pd.DataFrame:
    """Return the numbers of the verdict with one column for each competitor, so that the table fits a phone."""

    def spread(one: Spread, digits: str) -> str:
        median, low, high = (format(value, digits) for value in (one.median, one.low, one.high))
        return median if low == high else f"{median} ({low}–{high})"

    return pd.DataFrame(
        {
            titles.option("cell", cell): {
                label("race.table_behaviour"): label(f"race.behaviour_{one.behaviour}"),
                label("race.table_first"): spread(one.first_level, ".2f"),
                label("race.table_level"): spread(one.final_level, ".2f"),
                label("race.table_deviation"): spread(one.step_deviation, ".2f"),
                label("race.table_jumps"): spread(one.upward_jumps, ".0f"),
                label("race.table_clipped"): spread(one.clip_share, ".0%"),
            }
            for cell, one in race.summaries.items()
        }
    )


def history_file(race: Race) -> bytes:
    """Return ``history`` as CSV."""
    return history(race).to_csv(index=False).encode()


def history(race: Race) -> pd.DataFrame:
    """Return every update of every run: loss in nats and in bits, gradient norm, and whether it was clipped."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "cell": curve.cell,
                    "seed": curve.seed,
                    "update": curve.update,
                    "loss_nats": curve.loss,
                    "loss_bits": bits(curve.loss),
                    "gradient_norm": curve.gradient_norm,
                    "clipped": curve.clipped.astype(bool),
                }
            )
            for curve in race.curves
        ],
        ignore_index=True,
    )
