"""Training a network, a few updates at a time."""

import math
import platform
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
import torch
from numpy.typing import DTypeLike
from torch import Tensor, nn
from torch.nn.functional import softshrink

from core.networks.network import Network, build
from core.networks.stack import Stack, State
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks import tasks
from core.tasks.task import Batch

HELD_OUT_EVERY = 50
SNAPSHOTS = 7
SNAPSHOT_BYTES = 8 * 10**6
"""Of all snapshots of a run together; a network that is too large for that keeps none."""


class Outcome(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Progress:
    """Where a training stands.

    update, updates : done and asked for
    loss, gradient_norm, clipped : of the last update; in nats for characters; norm before clipping
    seconds, tokens : so far; a token is one time step of one example
    held_out_loss : the latest there is
    """

    update: int
    updates: int
    loss: float
    gradient_norm: float
    clipped: bool
    seconds: float
    tokens: int
    held_out_loss: float | None
    outcome: Outcome


@dataclass
class History:
    """What was measured, one number per update, and per evaluation on held-out examples."""

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    clipped: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    held_out_update: list[int] = field(default_factory=list)
    held_out_loss: list[float] = field(default_factory=list)


class Training:
    """One training under way: resumable, cancellable between updates, and deaf to screens.

    The same spec gives the same weights bit for bit, also when two run in parallel threads: nothing here uses a
    global random state.

    Raises
    ------
    core.texts.TextUnavailable
        if the spec's text is not to be had on this machine.
    """

    def __init__(self, spec: RunSpec) -> None:
        torch.set_num_threads(1)  # with more, threads that wait for each other slow a busy machine down a hundredfold
        self.spec = spec
        self.task = tasks[spec.task](**dict(spec.options))
        self.network = build(spec)
        generator = torch.Generator().manual_seed(spec.seed)
        self.network.initialise(generator)
        self.history = History()
        self.outcome = Outcome.RUNNING
        self.diverged_at: int | None = None
        self.tokens = 0
        self._parameters = list(self.network.parameters())
        self._optimiser = _optimiser(spec, self._parameters)
        self._batches = self.task.batches(spec.batch_size, spec.truncation_length, generator)
        self._held_out = list(self.task.held_out(spec.truncation_length))
        self._state: State | None = None
        self._cancelled = threading.Event()
        self._snapshots: dict[int, dict[str, np.ndarray]] = {}
        self._snapshots_due = _snapshots_due(spec, self.network)

    def advance(self, updates: int) -> Progress:
        """Do up to ``updates`` more updates; fewer at the end, when cancelled, or if a loss is not finite."""
        for _ in range(updates):
            if self.outcome is not Outcome.RUNNING:
                break
            if self._cancelled.is_set():
                self.outcome = Outcome.CANCELLED
                break
            self._update()
            done = len(self.history.loss)
            if self.outcome is Outcome.RUNNING and done in self._snapshots_due:
                self._snapshots[done] = _halved(self.network.stack)
            if self.outcome is Outcome.RUNNING and done == self.spec.updates:
                self.outcome = Outcome.FINISHED
            ended = self.outcome is Outcome.DIVERGED  # at an update that was not done: nothing has changed since
            if not ended and (done % HELD_OUT_EVERY == 0 or self.outcome is Outcome.FINISHED):
                self._evaluate()
        return self.progress()

    def cancel(self) -> None:
        """Ask from any thread for an end after the present update."""
        self._cancelled.set()

    def progress(self) -> Progress:
        history = self.history
        return Progress(
            update=len(history.loss),
            updates=self.spec.updates,
            loss=history.loss[-1] if history.loss else float("nan"),
            gradient_norm=history.gradient_norm[-1] if history.gradient_norm else float("nan"),
            clipped=bool(history.clipped and history.clipped[-1]),
            seconds=history.seconds[-1] if history.seconds else 0.0,
            tokens=self.tokens,
            held_out_loss=history.held_out_loss[-1] if history.held_out_loss else None,
            outcome=self.outcome,
        )

    def run(self) -> Run:
        """What there is so far, as plain arrays."""
        curves = {name: np.asarray(getattr(self.history, name), dtype=kind) for name, kind in _CURVE_TYPES.items()}
        return Run(
            spec=self.spec,
            outcome=str(self.outcome),
            weights=self.network.arrays(),
            curves=curves,
            metrics=self._metrics(),
            symbols=self.task.symbols,
            made=made(),
            diverged_at=self.diverged_at,
            snapshots=dict(self._snapshots),
        )

    def _update(self) -> None:
        started = time.perf_counter()
        batch = next(self._batches)
        self._optimiser.zero_grad()
        loss = self._loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.get_total_norm([one.grad for one in self._parameters if one.grad is not None])
        loss_value, norm_value = torch.stack([loss.detach(), norm]).tolist()
        clip_norm = self.spec.clip_norm
        clipped = clip_norm is not None and norm_value > clip_norm
        if clipped:
            nn.utils.clip_grads_with_norm_(self._parameters, clip_norm, norm)  # type: ignore[arg-type]
        finite = np.isfinite(loss_value) and np.isfinite(norm_value)
        if finite:
            self._optimiser.step()
            self._shrink()
        else:
            # The weights stay as they were before the update that would have destroyed them.
            self.outcome, self.diverged_at = Outcome.DIVERGED, len(self.history.loss) + 1
        if np.isfinite(loss_value):
            self._record(loss_value, norm_value, clipped, time.perf_counter() - started)
        self.tokens += batch.inputs.shape[0] * batch.inputs.shape[1]

    def _shrink(self) -> None:
        """The proximal step of the L1 penalty.

        W_hh <- sign(W_hh) max(|W_hh| - learning_rate * recurrent_l1, 0)

        That of a plain gradient step; also under Adam and RMSprop, whose steps differ from weight to weight, all
        weights shrink alike.

        Source: Daubechies, Defrise and De Mol (2004), An iterative thresholding algorithm, section 1.
        """
        if self.spec.recurrent_l1:
            with torch.no_grad():
                for layer in self.network.stack.layers:
                    layer.weight_hh.copy_(softshrink(layer.weight_hh, self.spec.learning_rate * self.spec.recurrent_l1))

    def _record(self, loss: float, norm: float, clipped: bool, seconds: float) -> None:
        history = self.history
        history.loss.append(loss)
        history.gradient_norm.append(norm)
        history.clipped.append(clipped)
        history.seconds.append(seconds + (history.seconds[-1] if history.seconds else 0.0))

    def _loss(self, batch: Batch) -> Tensor:
        state = self.network.stack.initial_state(batch.inputs.shape[0])
        if self._state is not None and not batch.fresh.all():
            state = _renewed(self._state, state, batch.fresh)
        inputs = self.task.encode(batch.inputs)
        before, window = _split(inputs, self.spec.truncation_length)
        if before is not None:
            with torch.no_grad():
                _, state = self.network.stack.run(before, state)
        predictions, state = self.network(window, state)
        self._state = tuple(type(layer)(*(part.detach() for part in layer)) for layer in state)
        return self.task.loss(predictions, batch.targets)

    def _evaluate(self) -> None:
        with torch.inference_mode():
            losses = []
            for batch in self._held_out:
                state = self.network.stack.initial_state(batch.inputs.shape[0])
                predictions, _ = self.network(self.task.encode(batch.inputs), state)
                losses.append(self.task.loss(predictions, batch.targets))
        self.history.held_out_update.append(len(self.history.loss))
        self.history.held_out_loss.append(float(torch.stack(losses).mean()))

    def _metrics(self) -> dict[str, float]:
        progress = self.progress()
        metrics = {
            "loss": progress.loss,
            "seconds": progress.seconds,
            "tokens": float(progress.tokens),
            "updates": float(progress.update),
            "baseline": self.task.baseline(),
        }
        if progress.held_out_loss is not None:
            metrics["held_out_loss"] = progress.held_out_loss
            if self.task.symbols:
                metrics["bits_per_character"] = progress.held_out_loss / math.log(2)
                metrics["perplexity"] = float(np.exp(min(progress.held_out_loss, 700.0)))
        return {name: value for name, value in metrics.items() if np.isfinite(value)}


_CURVE_TYPES: dict[str, DTypeLike] = {
    "loss": np.float64,
    "gradient_norm": np.float64,
    "clipped": np.uint8,
    "seconds": np.float64,
    "held_out_update": np.int64,
    "held_out_loss": np.float64,
}


def made() -> dict[str, str]:
    """Where and with what a result was made."""
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _optimiser(spec: RunSpec, parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    match spec.optimiser:
        case "adam":
            return torch.optim.Adam(parameters, lr=spec.learning_rate)
        case "rmsprop":
            return torch.optim.RMSprop(parameters, lr=spec.learning_rate, momentum=spec.momentum)
        case _:
            return torch.optim.SGD(parameters, lr=spec.learning_rate, momentum=spec.momentum)


def _snapshots_due(spec: RunSpec, network: Network) -> frozenset[int]:
    """The updates after which the weights are kept: k^2 / 64 of all, k = 1 ... 7, for most happens at the beginning."""
    if SNAPSHOTS * 2 * sum(one.numel() for one in network.stack.parameters()) > SNAPSHOT_BYTES:
        return frozenset()
    due = {math.ceil(spec.updates * (k / (SNAPSHOTS + 1)) ** 2) for k in range(1, SNAPSHOTS + 1)}
    return frozenset(due - {spec.updates})


def _halved(stack: Stack) -> dict[str, np.ndarray]:
    """The weights in half precision: to see when a unit began to know something, three digits are enough."""
    largest = torch.finfo(torch.float16).max
    return {name: one.detach().clamp(-largest, largest).half().numpy() for name, one in stack.named_parameters()}


def _split(inputs: Tensor, window: int) -> tuple[Tensor | None, Tensor]:
    """The time steps that the gradient does not reach, if any, and the ``window`` last ones that it does."""
    if inputs.shape[1] <= window:
        return None, inputs
    return inputs[:, :-window], inputs[:, -window:]


def _renewed(carried: State, initial: State, fresh: Tensor) -> State:
    """The initial state for the examples that are ``fresh``, what was carried along for the others."""
    return tuple(
        type(old)(*(torch.where(fresh[:, None], zero, part) for part, zero in zip(old, new, strict=True)))
        for old, new in zip(carried, initial, strict=True)
    )
