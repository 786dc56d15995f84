"""Train the runs that the pages open with and save them under assets/runs: ``python -m core.runs.save_presets``.

Runs that are there are kept, unless ``--again``; runs that no preset names any more are removed.
"""

import argparse

from core.presets import PRESETS
from core.runs.store import saved
from core.training import Training


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--again", action="store_true", help="train also what is saved already")
    again = parser.parse_args().again
    specs = {spec.key: spec for runs in PRESETS.values() for spec in runs}
    for path in saved().directory.rglob("run-*.safetensors"):
        if again or path.stem not in specs:
            path.unlink()
            print(f"{path.stem}  removed")
    for key, spec in specs.items():
        if not saved().has(key):
            training = Training(spec)
            progress = training.advance(spec.updates)
            saved().put(training.run())
            ended = f"{progress.outcome}, loss {progress.loss:.3f}, {progress.seconds:.1f} s"
            print(f"{key}  {spec.cell} {spec.task}: {ended}")


if __name__ == "__main__":
    main()
