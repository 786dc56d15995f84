"""An encoder reads a sequence to its end; a decoder outputs another one and may look back at every step of the first.

Source: Sutskever, Vinyals and Le (2014), Sequence to sequence learning with neural networks; with attention, Bahdanau,
Cho and Bengio (2015), Neural machine translation by jointly learning to align and translate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from core.cells import Step, Weights
from core.choices.allowed import Choices
from core.choices.options import option
from core.layers import Linear, Part
from core.layers.attention import Additive, Attention, DotProduct
from core.layers.decoder import PART, Decoder, DecoderState
from core.layers.stack import NOTHING_HELD, Held, Site, Stack
from core.networks import RECURRENT, Arrangement, Batch, Effort, Pattern, Traced, named, networks
from core.signals import Role, Signal

if TYPE_CHECKING:
    from torch import Tensor

    from core.layers.layer import Hold

ATTENTIONS: Mapping[str, type[Attention] | None] = {"additive": Additive, "dot_product": DotProduct, "none": None}

ATTENTION = Signal(
    "a_{ts}",
    r"\operatorname{softmax}_s(\text{score}(h_{t-1}, \bar h_s))",
    Role.WEIGHTS,
    axes=("example", "time", "source_time"),
)


@networks.register
@dataclass(frozen=True)
class EncoderDecoder(Arrangement):
    """An encoder, and a decoder that begins from s_0 = tanh(W_b [h_S, ...] + b_b).

    s_0 is computed from the last states of the encoder's top layer. Without attention, it is the only link between the
    two. If the encoder reads in both directions, each direction has as many units as the decoder.

    Parameters
    ----------
    attention
        One of additive, dot_product and none.
    """

    attention: str = option("additive", Choices(lambda: tuple(ATTENTIONS)))

    patterns = frozenset({Pattern.SEQUENCE_TO_SEQUENCE})
    settings = RECURRENT - {"truncation_length"}
    reads = frozenset({"symbols"})

    @property
    def encoder(self) -> Stack:
        """The cells that read the sequence."""
        plan = self.plan
        sizes = plan.inputs.size, plan.hidden_size, plan.layer_count
        return Stack(plan.cell, *sizes, plan.direction, prefix="encoder.", part="encoder")

    @property
    def decoder(self) -> Decoder:
        """The cells that output a sequence, with their attention and their readout."""
        plan, looked_up = self.plan, self.encoder.output_size
        kind = ATTENTIONS[self.attention]
        attention = kind("attention", plan.hidden_size, looked_up) if kind else None
        read = plan.outputs.size + (looked_up if attention else 0)
        stack = Stack(plan.cell, read, plan.hidden_size, plan.layer_count, prefix="decoder.", part=PART)
        return Decoder(stack, attention, plan.outputs.size)

    @property
    def stacks(self) -> Mapping[str, Stack]:
        """Return the encoder's stack and the decoder's."""
        return {"encoder": self.encoder, PART: self.decoder.stack}

    @property
    def bridge(self) -> Linear:
        """The layer from the last states of the encoder's top layer to every initial state of the decoder."""
        state = len(self.plan.cell.state._fields) * self.plan.hidden_size  # type: ignore[attr-defined]
        return Linear("bridge", self.encoder.direction_count * state, self.plan.layer_count * state)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything with weights, in the order in which they are drawn."""
        return self.encoder, self.bridge, self.decoder

    @property
    def signals(self) -> Mapping[str, Signal]:
        """The signals of the encoder's cells, the attention if there is one, and the signals of the decoder's cells."""
        own = self.plan.cell.signals
        looked = {"attention": ATTENTION} if self.decoder.attention else {}
        return named(own, "encoder_", {"time": "source_time", "direction": "source_direction"}) | looked | dict(own)

    def effort(self, read: int, said: int) -> Effort:
        """Return the cost of one example with ``read`` time steps of input and ``said`` time steps of output."""
        sizes = {
            part: sum(shape[0] * shape[1] for shape in part.shapes().values() if len(shape) == 2) for part in self.parts
        }
        places = read * self.encoder.output_size if self.decoder.attention else 0
        steps = read * self.encoder.direction_count * self.plan.layer_count + STEPS_OF_A_WORD * said
        return Effort(
            steps=steps,
            multiplications=read * sizes[self.encoder] + sizes[self.bridge] + said * (sizes[self.decoder] + 2 * places),
            numbers=20 * self.plan.hidden_size * steps + said * (3 * places + 8 * self.plan.outputs.size),
        )

    def run(
        self, weights: Weights, batch: Batch, state: Any = None, held: Held = NOTHING_HELD, window: int | None = None
    ) -> tuple[Tensor, Any]:
        """Return what the readout reads at every time step, with teacher forcing. There is no state to carry over."""
        return self._decoded(weights, batch, self._started(weights, batch, held), held).outputs, ()

    def read(self, weights: Weights, outputs: Tensor) -> Tensor:
        """Return the scores of all symbols from the outputs of ``run``."""
        return self.decoder.readout(weights, outputs)

    def trace(
        self,
        weights: Weights,
        batch: Batch,
        state: Any = None,
        held: Held = NOTHING_HELD,
        keep: Collection[str] | None = None,
    ) -> Traced:
        """Return the predictions and every signal of encoder and decoder that ``keep`` names, with teacher forcing."""
        encoded = self._encoded(weights, batch, held, keep=None)
        decoded = self._decoded(weights, batch, self._bridged(weights, encoded, batch.input_mask), held)
        own = {
            name: signal.permute(2, 3, 0, 1, 4) if name != "attention" else signal
            for name, signal in decoded.signals.items()
        }
        signals = {f"encoder_{name}": signal for name, signal in encoded.signals.items()} | own
        kept = {name: signal for name, signal in signals.items() if keep is None or name in keep}
        return Traced(self.read(weights, decoded.outputs), (), kept)

    def recurrent(self) -> tuple[str, ...]:
        """Return the names of the matrices that lead from one time step to the next."""
        return self.encoder.recurrent() + self.decoder.stack.recurrent()

    def site(self, signal: str, layer: int, direction: int) -> tuple[Site, str]:
        """Return where a signal is computed, in the encoder or in the decoder, and what it is called there."""
        if signal.startswith("encoder_"):
            return Site(layer, direction, "encoder"), signal.removeprefix("encoder_")
        return Site(layer, direction, PART), signal

    def directions(self, signal: str) -> int:
        """Return as many as the encoder has for its signals, and 1 for those of the decoder."""
        return self.encoder.direction_count if signal.startswith("encoder_") else 1

    @property
    def writes(self) -> bool:
        """True: the decoder reads its last output next."""
        return True

    def begin(self, weights: Weights, batch: Batch, examples: int, held: Held = NOTHING_HELD) -> DecoderState:
        """Return the initial state of the decoder, after the encoder has read ``batch``."""
        return self._started(weights, batch, held)

    def write(self, weights: Weights, x: Tensor, state: Any, holds: Mapping[Site, Hold]) -> Step:
        """Take one time step of the decoder from ``x``, its last output. Shape of ``x``: (example, symbol)."""
        step = self.decoder.step(weights, self.decoder.stack.layers(weights), x, state, holds)
        return step._replace(output=self.read(weights, step.output))

    def _encoded(self, weights: Weights, batch: Batch, held: Held, keep: Collection[str] | None) -> Any:
        inputs = self.plan.inputs.encode(batch.inputs)
        start = self.encoder.initial_state(weights, len(inputs))
        return self.encoder.trace(weights, inputs, start, held, batch.input_mask, keep)

    def _started(self, weights: Weights, batch: Batch, held: Held) -> DecoderState:
        return self._bridged(weights, self._encoded(weights, batch, held, keep=()), batch.input_mask)

    def _bridged(self, weights: Weights, encoded: Any, mask: Tensor | None) -> DecoderState:
        """Return the initial state of the decoder."""
        import torch

        attention, stack = self.decoder.attention, self.decoder.stack
        last = torch.cat([part for direction in encoded.state[-1] for part in direction], dim=1)
        started = self.bridge(weights, last).tanh().chunk(self.plan.layer_count, dim=1)
        kind = stack.cell.state
        parts = len(kind._fields)  # type: ignore[attr-defined]
        memory = attention.memory(weights, encoded.outputs, mask) if attention else None
        return DecoderState(tuple((kind(*one.chunk(parts, dim=1)),) for one in started), memory)

    def _decoded(self, weights: Weights, batch: Batch, state: DecoderState, held: Held) -> Any:
        """Run the decoder with teacher forcing: it reads the target of the step before as its last output."""
        from core.layers.layer import unroll

        if batch.targets is None:
            raise ValueError("a network that says a sequence is traced with one")
        said = self.plan.outputs.encode(batch.targets).roll(1, dims=1)
        said[:, 0] = 0
        layers, times = self.decoder.stack.layers(weights), count()

        def step(x: Tensor, state: DecoderState) -> Step:
            time = next(times)
            return self.decoder.step(weights, layers, x, state, {site: at(time) for site, at in held.items()})

        return unroll(step, said, state)


STEPS_OF_A_WORD = 6
"""A decoder's time step takes this many times as long as one of torch's fused kernel, measured with 32 to 128 units."""
