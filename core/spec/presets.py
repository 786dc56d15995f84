"""The experiments that the pages open with; their runs are saved under assets/runs."""

from collections.abc import Mapping

from core.spec import RunSpec

OSCILLATION = RunSpec(
    hidden_size=128, optimiser="sgd", learning_rate=1.0, clip_norm=None, truncation_length=64, updates=400
)
READING = RunSpec(hidden_size=32, updates=600)
ADDING = RunSpec(
    task="adding", options=(("length", 12),), cell="elman", hidden_size=16, learning_rate=0.01, updates=1500
)
SERIES = RunSpec(task="forecast", cell="elman", hidden_size=16, learning_rate=0.01, updates=600)
DATES = RunSpec(task="dates", hidden_size=32, learning_rate=0.01, updates=800)
CODE = RunSpec(
    hidden_size=128,
    learning_rate=0.01,
    recurrent_l1=0.06,
    truncation_length=100,
    updates=1000,
    options=(("length", 200_000),),
)
CELLS = ("elman", "lstm", "gru")


def _race(spec: RunSpec) -> tuple[RunSpec, ...]:
    """Return the runs of a race.

    A claim about two cells needs more than one seed, so each of these has four. The third cell is only shown beside
    them and has one.
    """
    claimed = tuple(spec.replace(cell=cell, seed=seed) for seed in range(4) for cell in ("elman", "lstm"))
    return (*claimed, spec.replace(cell="gru"))


PRESETS: Mapping[str, tuple[RunSpec, ...]] = {
    "unrolled": tuple(READING.replace(cell=cell) for cell in CELLS),
    "unrolled_adding": tuple(ADDING.replace(cell=cell) for cell in CELLS),
    "unrolled_series": tuple(SERIES.replace(cell=cell) for cell in CELLS),
    "unrolled_dates": tuple(DATES.replace(cell=cell) for cell in CELLS),
    "gates": (CODE, CODE.replace(cell="gru")),
    "hidden_units": (CODE,),
    "without_penalty": tuple(spec.replace(recurrent_l1=0.0) for spec in (CODE, CODE.replace(cell="gru"))),
    "oscillation": _race(OSCILLATION),
    "with_clipping": _race(OSCILLATION.replace(clip_norm=1.0)),
}
"""The runs of each experiment, by its name. Their settings were chosen by measuring: see docs/decisions/presets.md."""
