"""Layers of one kind of cell, in one direction or in both.

For the backward direction, the sequence is reversed. A cell does not know in which direction it reads.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Cell, Shapes, Step, Weights, free
from core.layers import Part

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from core.layers.layer import Hold, Holds, Layer

DIRECTIONS = {"forward": ("forward",), "both": ("forward", "backward")}
SUFFIXES = ("", "_reverse")
"""The ending of a weight's name for each direction, as in torch."""

State = tuple[tuple[Any, ...], ...]
"""The states of a stack, by layer and direction; each is a named tuple of tensors (example, unit)."""


class Site(NamedTuple):
    """One direction of one layer of a stack, where signals can be held; ``part`` names one of several stacks."""

    layer: int = 0
    direction: int = 0
    part: str = ""


Held = Mapping[Site, "Holds"]
"""The holds at each site. A site that is missing is left alone."""

NOTHING_HELD: Mapping[Site, Any] = {}


class TracedStack(NamedTuple):
    """The results of a stack at all time steps.

    Attributes
    ----------
    outputs
        Shape: (example, time, direction * unit).
    state
        The state after the last time step.
    signals
        By name. Shape of each: (layer, direction, example, time, unit).
    """

    outputs: Tensor
    state: State
    signals: dict[str, Tensor]


@dataclass(frozen=True)
class Stack(Part):
    """Layers of one kind of cell, each of which reads the hidden states of all directions of the layer below.

    Its weights have torch's names (``weight_ih_l0``, ``weight_ih_l0_reverse`` ...) after ``prefix``. Without a prefix,
    they can be loaded into ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU`` of the same size, and the other way round.
    """

    cell: Cell
    input_size: int
    hidden_size: int
    layer_count: int = 1
    direction: str = "forward"
    prefix: str = ""
    part: str = ""

    @property
    def direction_count(self) -> int:
        """How many directions there are, 1 or 2."""
        return len(DIRECTIONS[self.direction])

    @property
    def output_size(self) -> int:
        """How many features an output has: the hidden units of all directions."""
        return self.direction_count * self.hidden_size

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {
            f"{self.prefix}{name}_l{layer}{suffix}": shape
            for layer in range(self.layer_count)
            for suffix in SUFFIXES[: self.direction_count]
            for name, shape in self.cell.shapes(
                self.output_size if layer else self.input_size, self.hidden_size
            ).items()
        }

    def weight(self, name: str, layer: int, direction: int) -> str:
        """Return the name that a weight of one cell, such as ``weight_hh``, has in the network."""
        return f"{self.prefix}{name}_l{layer}{SUFFIXES[direction]}"

    def recurrent(self) -> tuple[str, ...]:
        """Return the names of the recurrent matrices."""
        return tuple(name for name in self.shapes() if name.removeprefix(self.prefix).startswith("weight_hh"))

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        for layer in self.layers(weights):
            for one in layer:
                self.cell.initialise(one.weights, generator)

    def layers(self, weights: Weights) -> tuple[tuple[Layer, ...], ...]:
        """Return the cell with its weights, by layer and direction."""
        from core.layers.layer import Layer

        names = tuple(self.cell.shapes(1, 1))
        return tuple(
            tuple(
                Layer(self.cell, {name: weights[self.weight(name, layer, direction)] for name in names})
                for direction in range(self.direction_count)
            )
            for layer in range(self.layer_count)
        )

    def initial_state(self, weights: Weights, examples: int | Mapping[int, int]) -> State:
        """Return the initial state for so many examples, or for as many as ``examples`` says for each layer."""
        counts = dict.fromkeys(range(self.layer_count), examples) if isinstance(examples, int) else examples
        layers = self.layers(weights)
        return tuple(tuple(one.initial_state(counts[layer]) for one in layers[layer]) for layer in range(len(layers)))

    def step(self, weights: Weights, x: Tensor, state: State, holds: Mapping[Site, Hold] = NOTHING_HELD) -> Step:
        """Take one time step forward through all layers. Shape of each signal: (example, layer, 1, unit)."""
        return step(self.layers(weights), x, state, holds, self.part)

    def run(
        self, weights: Weights, inputs: Tensor, state: State, held: Held = NOTHING_HELD, mask: Tensor | None = None
    ) -> tuple[Tensor, State]:
        """Return the outputs of the last layer, and the states at the end of each direction.

        A hold may set several values on one example, which then becomes several examples. In that case, the state has
        one example below the held layer, and several in that layer and above it.

        Parameters
        ----------
        mask
            False after the end of a shorter example. Shape: (example, time), bool.

        Returns
        -------
        tuple
            The outputs, of the shape (example, time, direction * unit), and the states.
        """
        return self.trace(weights, inputs, state, held, mask, keep=())[:2]

    def trace(
        self,
        weights: Weights,
        inputs: Tensor,
        state: State,
        held: Held = NOTHING_HELD,
        mask: Tensor | None = None,
        keep: Collection[str] | None = None,
    ) -> TracedStack:
        """Return the same as ``run``, with every signal or only with those that ``keep`` names."""
        import torch

        kept: dict[tuple[int, int], dict[str, Tensor]] = {}
        ended: list[tuple[Any, ...]] = []
        for layer, directions in enumerate(self.layers(weights)):
            outputs, states = [], []
            for direction, one in enumerate(directions):
                turn = (lambda sequence: sequence) if direction == 0 else (lambda sequence: reverse(sequence, mask))
                holds = _turned(held.get(Site(layer, direction, self.part)), direction, inputs.shape[1], mask)
                given = turn(inputs), state[layer][direction], holds, mask
                if keep is not None and not keep:
                    said, last = one.run(*given)
                else:
                    said, last, signals = one.trace(*given)
                    kept[layer, direction] = {
                        name: turn(signal) for name, signal in signals.items() if keep is None or name in keep
                    }
                outputs.append(turn(said))
                states.append(last)
            inputs = outputs[0] if len(outputs) == 1 else torch.cat(_alike(outputs), dim=2)
            ended.append(tuple(states))
        names = next(iter(kept.values()), {})
        signals = {name: self._stacked([one[name] for one in kept.values()], len(inputs)) for name in names}
        return TracedStack(inputs, tuple(ended), signals)

    def _stacked(self, every: list[Tensor], examples: int) -> Tensor:
        import torch

        alike = torch.stack([one.expand(examples, -1, -1) for one in every])
        return alike.reshape(self.layer_count, self.direction_count, *alike.shape[1:])


def step(
    layers: tuple[tuple[Layer, ...], ...],
    x: Tensor,
    state: State,
    holds: Mapping[Site, Hold] = NOTHING_HELD,
    part: str = "",
) -> Step:
    """Take one time step forward through layers whose weights were looked up before, once for many steps."""
    import torch

    steps: list[Step] = []
    for layer, ((one, *_), (old, *_)) in enumerate(zip(layers, state, strict=True)):
        steps.append(one.step(x, old, holds.get(Site(layer, 0, part), free)))
        x = steps[-1].output
    signals = {name: torch.stack([one.signals[name] for one in steps], dim=1)[:, :, None] for name in steps[0].signals}
    return Step(x, tuple((one.state,) for one in steps), signals)


def reverse(sequence: Tensor, mask: Tensor | None) -> Tensor:
    """Return the time steps of each example in reverse order.

    The padding after the end of a shorter example stays where it is.
    """
    import torch

    if mask is None:
        return sequence.flip(1)
    times, lengths = torch.arange(sequence.shape[1]), mask.sum(dim=1, keepdim=True)
    order = torch.where(times < lengths, lengths - 1 - times, times)
    return sequence.gather(1, order[..., None].expand(-1, -1, sequence.shape[2]))


def _turned(holds: Holds | None, direction: int, length: int, mask: Tensor | None) -> Holds | None:
    """Return holds by the number of the step in the order in which a direction reads.

    ``holds`` takes the number of the time step in the sequence. The backward direction begins at the end of each
    example.
    """
    if holds is None or direction == 0:
        return holds
    if mask is None:
        return lambda time: holds(length - 1 - time)
    lengths = mask.sum(dim=1)
    ending = {end: (lengths == end)[:, None] for end in sorted(set(lengths.tolist()))}

    def at(time: int) -> Hold:
        import torch

        def hold(name: str, signal: Tensor) -> Tensor:
            for end, examples in ending.items():
                signal = torch.where(examples, holds(end - 1 - time)(name, signal), signal)
            return signal

        return hold

    return at


def _alike(outputs: list[Tensor]) -> list[Tensor]:
    """Return the outputs with equally many examples: a hold may have multiplied those of one direction only."""
    most = max(len(one) for one in outputs)
    return [one.expand(most, -1, -1) for one in outputs]
