"""Train the runs that the pages open with and save them under assets/runs: ``python -m core.engine.save_presets``.

Runs that are already saved are kept, unless ``--again`` is given. Runs that no preset names any more are removed.
"""

import argparse
import os
from dataclasses import replace

import numpy as np

from core.machine import instructions
from core.runs.run import Run
from core.spec.presets import PRESETS
from core.store import encode, saved
from core.training import Training

SIZE_LIMIT = 10**6
"""Bytes that a file should not reach, because everybody who has the app has all of the files."""


def main() -> None:
    """Train and save what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--again", action="store_true", help="train also what is saved already")
    again = parser.parse_args().again
    os.environ.update(instructions())  # torch looks when it first computes something
    specs = {spec.key: spec for runs in PRESETS.values() for spec in runs}
    for path in saved().directory.rglob("run-*.safetensors"):
        if again or path.stem not in specs:
            path.unlink()
            print(f"{path.stem}  removed")
    for key, spec in specs.items():
        if not saved().has(key):
            training = Training(spec)
            progress = training.advance(spec.updates)
            saved().put(lightened(training.run()))
            ended = f"{progress.outcome}, loss {progress.loss:.3f}, {progress.seconds:.1f} s"
            print(f"{key}  {spec.cell} {spec.task}: {ended}")


def lightened(run: Run) -> Run:
    """Return the run with as many snapshots as a small file has room for, and with none if no page shows them."""
    updates = list(run.snapshots) if run.spec in PRESETS["hidden_units"] else []
    for count in range(len(updates), 0, -1):
        places = np.linspace(0, len(updates) - 1, count + 2)[1:-1] if count < len(updates) else np.arange(count)
        kept = [updates[place] for place in places.round().astype(int)]
        light = replace(run, snapshots={update: run.snapshots[update] for update in kept})
        if len(encode(light)) < SIZE_LIMIT:
            return light
    return replace(run, snapshots={})


if __name__ == "__main__":
    main()
