"""What tells an oscillation from the noise of batches?  python -m benchmarks.studies.verdicts

Trains Elman and LSTM networks with fresh seeds in settings of all kinds, and prints a row for each: the share of
updates that jump up by 15 %; all climbs of the running level and the swing of single updates around it, in first
levels; the medians of the five fifths, bits per character; the verdict.
"""

import numpy as np

from core.measures.race import Curve, bits, climbs_and_swings, judge, upward_jumps
from core.spec.presets import OSCILLATION
from core.training import Training

SEEDS = (50, 51)
SETTINGS = {
    "no clipping": {},
    "clip 1": {"clip_norm": 1.0},
    "clip 1, learning rate 3": {"clip_norm": 1.0, "learning_rate": 3.0},
    "no clipping, learning rate 0.3": {"learning_rate": 0.3},
    "no clipping, learning rate 3": {"learning_rate": 3.0},
    "no clipping, Adam 0.01": {"optimiser": "adam", "learning_rate": 0.01},
    "batches of 4, Adam 0.003": {"optimiser": "adam", "learning_rate": 0.003, "clip_norm": 1.0, "batch_size": 4},
    "batches of 1, Adam 0.003": {"optimiser": "adam", "learning_rate": 0.003, "clip_norm": 1.0, "batch_size": 1},
    "600 characters, by heart": {
        "optimiser": "adam", "learning_rate": 0.01, "clip_norm": 1.0, "options": (("length", 600),)
    },
}  # fmt: skip


def main() -> None:
    print("| setting | cell | seed | jumps | climbs | swings | fifths | verdict |\n|---|---|---|---|---|---|---|---|")
    for name, changes in SETTINGS.items():
        for cell in ("elman", "lstm"):
            for seed in SEEDS:
                spec = OSCILLATION.replace(hidden_size=64, cell=cell, seed=seed, **changes)
                training = Training(spec)
                training.advance(spec.updates)
                losses = training.run().curves["loss"]
                loss = bits(losses[np.isfinite(losses)])
                told = judge(Curve.of(cell, seed, losses, np.ones(losses.size), np.zeros(losses.size)))
                climbs, swings = climbs_and_swings(loss)
                fifths = ", ".join(f"{np.median(fifth):.2f}" for fifth in np.array_split(loss, 5))
                jumps = upward_jumps(loss).size / (loss.size - 1)
                numbers = f"{jumps:.0%} | {climbs:.2f} | {swings:.2f} | {fifths}"
                print(f"| {name} | {cell} | {seed} | {numbers} | {told.behaviour} |", flush=True)


if __name__ == "__main__":
    main()
