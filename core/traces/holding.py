"""Clamps turned into holds: the functions that a network passes its signals through."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.layers.layer import Hold, Holds
from core.layers.stack import Held, Site
from core.networks import Arrangement
from core.runs.run import Run
from core.signals import Role, Signal
from core.traces.clamp import Alternative, Clamp
from core.traces.squashed import is_unbounded

NEARLY_ONE = 1 - 2**-24  # the largest single-precision number below 1, whose atanh is infinite


class Patch(NamedTuple):
    """What is set in one signal: ``where`` (alternative, unit) bool, and to which ``value`` (alternative, unit)."""

    where: Tensor
    value: Tensor


def held(arrangement: Arrangement, alternatives: Sequence[Alternative]) -> Held:
    """Return the holds to pass to ``arrangement``: one alternative for each example, or one for all examples.

    Parameters
    ----------
    alternatives
        Already checked, with each "mean" replaced by numbers: see ``core.traces.tracing.settled``.
    """
    shape = len(alternatives), arrangement.plan.hidden_size
    patches: dict[Site, dict[int | None, dict[str, Patch]]] = defaultdict(lambda: defaultdict(dict))
    for row, clamps in enumerate(alternatives):
        for clamp in clamps:
            nothing = Patch(torch.zeros(shape, dtype=torch.bool), torch.zeros(shape))
            site, name = arrangement.site(clamp.signal, clamp.layer, clamp.direction)
            patch = patches[site][clamp.time].setdefault(name, nothing)
            units = slice(None) if clamp.units is None else list(clamp.units)
            patch.where[row, units] = True
            patch.value[row, units] = _as_computed(clamp, arrangement.signals[clamp.signal])
    return {site: _holds(times) for site, times in patches.items()}


def examples_of(layer_count: int, held: Held, examples: int, alternatives: int) -> dict[int, int]:
    """Return how many examples each layer needs: below the first held layer, all alternatives are the same."""
    first = min((site.layer for site in held), default=layer_count)
    return {layer: examples if layer < first else max(examples, alternatives) for layer in range(layer_count)}


def _holds(patches: Mapping[int | None, Mapping[str, Patch]]) -> Holds:
    lasting = _hold(patches.get(None, {}))

    def at(time: int) -> Hold:
        if time not in patches:
            return lasting
        once = _hold(patches[time])
        return lambda name, signal: once(name, lasting(name, signal))

    return at


def _hold(patches: Mapping[str, Patch]) -> Hold:
    def hold(name: str, signal: Tensor) -> Tensor:
        patch = patches.get(name)
        return signal if patch is None else torch.where(patch.where, patch.value, signal)

    return hold


def _as_computed(clamp: Clamp, signal: Signal) -> Tensor:
    value = torch.tensor(clamp.value, dtype=torch.float64)
    if is_unbounded(clamp.signal, signal.role):
        value = value.clamp(-NEARLY_ONE, NEARLY_ONE).atanh()
    return value.float()


def check(clamp: Clamp, run: Run) -> None:
    """Check that the network of ``run`` has what ``clamp`` sets, and that the value is in its range.

    Raises
    ------
    ValueError
        If either check fails.
    """
    spec = run.spec
    signals = {name: one for name, one in run.arrangement.signals.items() if one.axes[-1] == "unit"}
    if clamp.signal not in signals:
        raise ValueError(f"no signal {clamp.signal!r}; choose from {', '.join(signals)}")
    if not 0 <= clamp.layer < spec.layer_count:
        raise ValueError(f"no layer {clamp.layer} among {spec.layer_count}")
    directions = run.arrangement.directions(clamp.signal)
    if not 0 <= clamp.direction < directions:
        raise ValueError(f"no direction {clamp.direction} among {directions} of {clamp.signal}")
    if not all(0 <= unit < spec.hidden_size for unit in clamp.units or ()):
        raise ValueError(f"no such unit among {spec.hidden_size}: {clamp.units}")
    if clamp.time is not None and clamp.time < 0:
        raise ValueError(f"no time step {clamp.time}")
    if clamp.value == "mean":
        return
    values = clamp.value if isinstance(clamp.value, tuple) else (clamp.value,)
    low = 0 if signals[clamp.signal].role is Role.GATE else -1
    if not all(low <= value <= 1 for value in values):
        raise ValueError(f"{clamp.signal} is set within {low} and 1, not to {clamp.value}")
    if len(values) not in (1, spec.hidden_size if clamp.units is None else len(clamp.units)):
        raise ValueError(f"{len(values)} values for other units than there are")
