"""A decoder: a stack of cells that outputs one symbol after another and may attend to places of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from core.cells import Shapes, Step, Weights
from core.layers import Linear, Part
from core.layers.attention import Attention, Memory
from core.layers.stack import Site, Stack, step

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from core.layers.layer import Hold, Layer

PART = "decoder"
SITE = Site(part=PART)


class DecoderState(NamedTuple):
    """What a decoder carries from one time step to the next.

    Attributes
    ----------
    stack
        The states of its layers.
    memory
        What it can attend to, the same at every time step. None without attention.
    """

    stack: Any
    memory: Memory | None


@dataclass(frozen=True)
class Decoder(Part):
    """[y_{t-1}, context_t] -> cells -> W_o [h_t, context_t] + b_o, with context_t looked up by h_{t-1}.

    y_{t-1} is the last output, one-hot. At the first time step it is zeros.

    Parameters
    ----------
    stack
        Cells whose inputs are the last output and, with attention, the context.
    attention
        How the decoder looks at what was read. If None, it knows only its initial state.
    outputs
        How many numbers it outputs at each time step.
    """

    stack: Stack
    attention: Attention | None
    outputs: int

    @property
    def readout(self) -> Linear:
        """The linear layer that reads the hidden state, and the context if there is one."""
        looked_up = self.attention.value_size if self.attention else 0
        return Linear("readout", self.stack.output_size + looked_up, self.outputs)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""
        looking = (self.attention,) if self.attention else ()
        return (self.stack, *looking, self.readout)

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {name: shape for part in self.parts for name, shape in part.shapes().items()}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        for part in self.parts:
            part.initialise(weights, generator)

    def step(
        self,
        weights: Weights,
        layers: tuple[tuple[Layer, ...], ...],
        said: Tensor,
        state: DecoderState,
        holds: Mapping[Site, Hold],
    ) -> Step:
        """Take one time step, in training as in generation.

        Parameters
        ----------
        layers
            ``stack.layers(weights)``, looked up once for all time steps.
        said
            The last output, one-hot. Shape: (example, output).

        Returns
        -------
        Step
            What the readout reads, the state, and the signals, of the shape (example, layer, direction, unit). With
            attention, one more signal is ``attention``, of the shape (example, place).
        """
        import torch

        from core.cells import free

        if self.attention is None or state.memory is None:
            inside = step(layers, said, state.stack, holds, PART)
            return inside._replace(state=DecoderState(inside.state, None))
        query = state.stack[-1][0].hidden
        look = self.attention.look(weights, query, state.memory, holds.get(SITE, free))
        inside = step(layers, torch.cat([said, look.context], dim=1), state.stack, holds, PART)
        signals = {**inside.signals, "attention": look.weights}
        return Step(torch.cat([inside.output, look.context], dim=1), DecoderState(inside.state, state.memory), signals)
