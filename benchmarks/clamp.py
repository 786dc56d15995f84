"""Reading a text again with one unit set from outside, alone and together with the twenty units of its control."""

from collections.abc import Iterator

from benchmarks import Row, alternate, benchmarks
from benchmarks.training import MODULES, timed
from core.interventions.editing import edit
from core.interventions.effects import DRAWS, surprise
from core.spec import RunSpec
from core.traces.clamp import Clamp
from core.traces.tracing import trace
from core.training import Training

LENGTH = 2_000
HIDDEN_SIZE = 128
ROUNDS = 9


@benchmarks.register
def measure() -> Iterator[Row]:
    """2,000 characters, 128 units, one thread, processor time.

    Values: seconds of a trace with a clamp; all alternatives / one of them; seconds of an edit with its control.
    """
    for cell in MODULES:
        training = Training(RunSpec(cell=cell, hidden_size=HIDDEN_SIZE, updates=1))
        run, text = training.run(), training.task.held_out_text[:LENGTH]
        one = (Clamp("hidden_state", 0.0, (0,)),)
        many = [(), *((Clamp("hidden_state", 0.0, (unit,)),) for unit in range(DRAWS + 1))]
        clamped, plain = alternate(
            timed(lambda run=run, text=text, one=one: trace(run, text, one)),
            timed(lambda run=run, text=text: trace(run, text)),
            ROUNDS,
        )
        yield Row(
            what=f"trace of {LENGTH:,} characters with a clamp, {cell}, {HIDDEN_SIZE} units",
            ours=clamped,
            peers=plain,
            unit="s",
            peer="the same without",
            value=clamped,
            at_most=0.3,
        )
        together, alone = alternate(
            timed(lambda run=run, text=text, many=many: surprise(run, text, many)),
            timed(lambda run=run, text=text, one=one: surprise(run, text, [one])),
            ROUNDS,
        )
        yield Row(
            what=f"loss of {LENGTH:,} characters under {len(many)} alternatives, {cell}, {HIDDEN_SIZE} units",
            ours=together,
            peers=alone,
            unit="s",
            peer="under one",
            value=together / alone,
            at_most=4,
        )
        once = Clamp("hidden_state", 0.5, (0,), time=LENGTH // 3)
        edited, read = alternate(
            timed(lambda run=run, text=text, once=once: edit(run, text, once)),
            timed(lambda run=run, text=text: trace(run, text)),
            ROUNDS,
        )
        yield Row(
            what=f"an edit a third into {LENGTH:,} characters, beside {DRAWS} others, {cell}, {HIDDEN_SIZE} units",
            ours=edited,
            peers=read,
            unit="s",
            peer="a trace",
            value=edited,
            at_most=0.3,
        )
