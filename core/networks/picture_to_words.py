"""An eye sees a picture; a decoder says what is there, word by word, and looks at the places for each word.

Source: Xu et al. (2015), Show, attend and tell: neural image caption generation with visual attention, section 3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from core.cells import Step, Weights
from core.layers import Linear, Part
from core.layers.attention import Additive
from core.layers.decoder import PART, Decoder, DecoderState
from core.layers.eye import Eye
from core.layers.stack import NOTHING_HELD, Held, Site, Stack
from core.media import Picture
from core.networks import RECURRENT, Arrangement, Batch, Effort, Pattern, Traced, networks
from core.signals import Role, Signal

if TYPE_CHECKING:
    from torch import Tensor

    from core.layers.layer import Hold

ATTENTION = Signal(
    "a_{t}(p)",
    r"\operatorname{softmax}_p(\text{score}(h_{t-1}, v_p))",
    Role.WEIGHTS,
    axes=("example", "time", "row", "column"),
)

STEPS_OF_A_WORD, STEPS_OF_AN_EYE = 6, 20
"""A word and an eye take this many times as long as one time step of a fused kernel, measured with 64 units."""


@networks.register
@dataclass(frozen=True)
class PictureToWords(Arrangement):
    """The decoder begins from s_0 = tanh(W_b mean_p v_p + b_b), and attends to the places v_p at every word."""

    patterns = frozenset({Pattern.ONE_TO_MANY})
    settings = RECURRENT - {"truncation_length", "direction"}
    reads = frozenset({Picture.kind})

    @property
    def eye(self) -> Eye:
        """The convolutions that look at the picture."""
        picture = self.plan.inputs
        assert isinstance(picture, Picture)
        return Eye("eye", picture.channels, picture.rows, picture.columns)

    @property
    def decoder(self) -> Decoder:
        """The cells that say the words, with their attention and their readout."""
        plan, features = self.plan, self.eye.features
        sizes = plan.outputs.size + features, plan.hidden_size, plan.layer_count
        stack = Stack(plan.cell, *sizes, prefix="decoder.", part=PART)
        return Decoder(stack, Additive("attention", plan.hidden_size, features), plan.outputs.size)

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Return the decoder's stack, the only one."""
        return {PART: self.decoder.stack}

    @property
    def bridge(self) -> Linear:
        """The layer from the mean of all places to every initial state of the decoder."""
        state = len(self.plan.cell.state._fields) * self.plan.hidden_size  # type: ignore[attr-defined]
        return Linear("bridge", self.eye.features, self.plan.layer_count * state)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""
        return self.eye, self.bridge, self.decoder

    @property
    def signals(self) -> Mapping[str, Signal]:
        """The attention, and the signals of the decoder's cells."""
        return {"attention": ATTENTION} | dict(self.plan.cell.signals)

    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one picture with a caption of ``said`` words."""
        rows, columns = self.eye.grid
        decoder = sum(shape[0] * shape[1] for shape in self.decoder.shapes().values() if len(shape) == 2)
        places = rows * columns * self.eye.features
        return Effort(
            steps=STEPS_OF_AN_EYE + STEPS_OF_A_WORD * said,
            multiplications=self.eye.multiplications() + said * (decoder + 2 * places),
            numbers=4 * self.plan.inputs.size * 8 + said * (3 * places + 20 * self.plan.hidden_size),
        )

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return what the readout reads at every word, with teacher forcing. There is no state to carry over."""
        return self._said(weights, batch, held).outputs, ()

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        """Return the scores of all words from the outputs of ``run``."""
        return self.decoder.readout(weights, outputs)

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        """Return the predictions and every signal that ``keep`` names, with teacher forcing."""
        said = self._said(weights, batch, held)
        signals = {
            name: signal.unflatten(2, self.eye.grid) if name == "attention" else signal.permute(2, 3, 0, 1, 4)
            for name, signal in said.signals.items()
            if keep is None or name in keep
        }
        return Traced(self.read(weights, said.outputs), (), signals)

    def recurrent(self) -> tuple[str, ...]:
        """Return the names of the matrices that lead from one time step to the next."""
        return self.decoder.stack.recurrent()

    def site(self, signal: str, layer: int, direction: int) -> tuple[Site, str]:
        """Return where a signal is computed, always in the decoder, and what it is called there."""
        return Site(layer, direction, PART), signal

    @property
    def writes(self) -> bool:
        """True: the decoder reads its last word next."""
        return True

    def begin(self, weights: Weights, batch: Batch, examples: int, held: Held = NOTHING_HELD) -> DecoderState:
        """Return the initial state of the decoder, after the eye has seen the pictures of ``batch``."""
        places = self.eye(weights, self.plan.inputs.encode(batch.inputs))
        started = self.bridge(weights, places.mean(dim=1)).tanh().chunk(self.plan.layer_count, dim=1)
        kind = self.plan.cell.state
        parts = len(kind._fields)  # type: ignore[attr-defined]
        attention = self.decoder.attention
        memory = attention.memory(weights, places, None) if attention else None
        return DecoderState(tuple((kind(*one.chunk(parts, dim=1)),) for one in started), memory)

    def write(self, weights: Weights, x: Tensor, state: Any, holds: Mapping[Site, Hold]) -> Step:
        """Take one time step of the decoder from ``x``, its last word. Shape of ``x``: (example, word)."""
        step = self.decoder.step(weights, self.decoder.stack.layers(weights), x, state, holds)
        return step._replace(output=self.read(weights, step.output))

    def _said(self, weights: Weights, batch: Batch, held: Held) -> Any:
        """Run the decoder with teacher forcing: it reads the target of the step before as its last word."""
        from core.layers.layer import unroll

        if batch.targets is None:
            raise ValueError("a network that says a sequence is traced with one")
        said = self.plan.outputs.encode(batch.targets).roll(1, dims=1)
        said[:, 0] = 0
        layers, times = self.decoder.stack.layers(weights), count()

        def step(x: Tensor, state: DecoderState) -> Step:
            time = next(times)
            return self.decoder.step(weights, layers, x, state, {site: at(time) for site, at in held.items()})

        return unroll(step, said, self.begin(weights, batch, len(batch.inputs)))
