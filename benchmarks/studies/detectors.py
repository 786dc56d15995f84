"""How dependably is a detector found, and is it needed?  python -m benchmarks.studies.detectors recurrent_l1=0.06

Prints one row of a table for each seed. For each concept, on text that no training has seen: the strength of the unit
that is found, the strength of the untrained twin's unit, the strength by chance, and the verdict. Then what it costs on
indentation characters to set the indentation unit to its mean, the same for 20 of the 40 units with the nearest spread,
and how many times their median the cost is.
"""

import argparse
import json
import time
from typing import Any

from core.interventions.cost import cost
from core.spec import RunSpec
from core.traces.clamp import Clamp
from core.traces.unseen import unseen
from core.training import Training
from core.units.unseen import find_each

SPEC = RunSpec(hidden_size=128, learning_rate=0.01, truncation_length=100, updates=1000, options=(("length", 200_000),))
CONCEPTS = ("indentation", "inside_comment")
SHOWN = 10_000
"""The maximum number of characters that a clamp is tried on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("settings", nargs="*", help="fields of RunSpec or options of its task, such as updates=2000")
    parser.add_argument("--seeds", default="0-9", help="first and last")
    asked = parser.parse_args()
    spec = SPEC.replace(**dict(_setting(one) for one in asked.settings))
    first, last = map(int, asked.seeds.split("-"))
    heads = [f"{name} ({word})" for name in CONCEPTS for word in ("found", "untrained", "chance", "verdict")]
    heads = ["seed", *heads, "clamp: nats", "others: median, range", "times", "held-out loss", "s"]
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|", flush=True)
    for seed in range(first, last + 1):
        print(_row(spec.replace(seed=seed)), flush=True)


def _row(spec: RunSpec) -> str:
    started = time.process_time()
    training = Training(spec)
    training.advance(spec.updates)
    seconds = time.process_time() - started
    run = training.run()
    findings = find_each(run, CONCEPTS)
    cells: list[Any] = [spec.seed]
    for finding in findings.values():
        untrained = finding.found.untrained if finding.found else float("nan")
        cells += [f"{finding.strength:.3f}", f"{untrained:.2f}", f"{finding.chance:.2f}", finding.verdict]
    found = findings["indentation"].found
    if found is None:
        return "| " + " | ".join(map(str, cells)) + " | | | | |"
    clamp = Clamp(found.unit.state, "mean", units=(found.unit.number,), layer=found.unit.layer)
    paid = cost(run, unseen(run, SHOWN, last=True), clamp, "indentation").stake
    assert paid is not None  # generated code is indented
    times = f"{paid.change / paid.median:.1f}" if paid.median > 0 else "–"
    others = f"{paid.median:.3f}, {paid.others.min():.3f} to {paid.others.max():.3f}"
    cells += [f"{paid.change:.3f}", others, times, f"{run.metrics['held_out_loss']:.3f}", f"{seconds:.0f}"]
    return "| " + " | ".join(map(str, cells)) + " |"


def _setting(written: str) -> tuple[str, Any]:
    name, _, value = written.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


if __name__ == "__main__":
    main()
