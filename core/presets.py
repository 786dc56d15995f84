"""The experiments that the pages open with; their runs are saved under assets/runs."""

from collections.abc import Mapping

from core.spec import RunSpec

OSCILLATION = RunSpec(
    hidden_size=128, optimiser="sgd", learning_rate=1.0, clip_norm=None, truncation_length=64, updates=400
)
READING = RunSpec(hidden_size=64, optimiser="adam", learning_rate=0.005, updates=600)

PRESETS: Mapping[str, tuple[RunSpec, ...]] = {
    "unrolled": (READING.replace(cell="elman", hidden_size=32),),
    "unrolled_adding": (
        RunSpec(
            task="adding", options=(("length", 12),), cell="elman", hidden_size=16, learning_rate=0.01, updates=1500
        ),
    ),
    "gates": (READING.replace(cell="lstm"), READING.replace(cell="gru")),
    "hidden_units": (RunSpec(hidden_size=128, truncation_length=100, updates=1000),),
    "oscillation": tuple(OSCILLATION.replace(cell=cell) for cell in ("elman", "lstm", "gru")),
    "with_clipping": tuple(OSCILLATION.replace(cell=cell, clip_norm=1.0) for cell in ("elman", "lstm", "gru")),
}
"""By name, the runs of one experiment; settings chosen by measuring, see docs/decisions/presets.md."""
