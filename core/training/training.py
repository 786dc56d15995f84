"""Training a network, a few updates at a time."""

import math
import platform
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import DTypeLike
from torch import Tensor, nn
from torch.nn.functional import softshrink

from core.layers.layer import detached, renewed
from core.runs.network import Network, build
from core.runs.run import Run
from core.spec import RunSpec
from core.tasks import Batch, Pattern

HELD_OUT_EVERY = 50
SNAPSHOTS = 7
SNAPSHOT_BYTES = 8 * 10**6
"""Most bytes of all snapshots of a run together; a network that would need more keeps none."""


class Outcome(StrEnum):
    """How a training stands, or has ended."""

    RUNNING = "running"
    FINISHED = "finished"
    DIVERGED = "diverged"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Progress:
    """Where a training stands.

    Attributes
    ----------
    update, updates
        Updates done, and updates asked for.
    loss
        Loss of the last update; in nats for characters.
    gradient_norm
        Global norm of the gradient of the last update, before clipping.
    clipped
        Whether the gradient of the last update was clipped.
    seconds, tokens
        Seconds and tokens so far. A token is one time step of one example.
    held_out_loss
        The latest one; None before the first evaluation.
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
    """What was measured: one number for each update, and one for each evaluation on held-out examples."""

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    clipped: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    held_out_update: list[int] = field(default_factory=list)
    held_out_loss: list[float] = field(default_factory=list)


class Training:
    """One training under way, which goes on a few updates at a time and can be cancelled between updates.

    The same spec gives the same weights bit for bit, even when two trainings run in parallel threads, because nothing
    here uses a global random state. A training knows nothing of the page that shows it.

    Raises
    ------
    core.texts.TextUnavailable
        If the spec's text cannot be had on this machine.
    """

    def __init__(self, spec: RunSpec) -> None:
        torch.set_num_threads(1)  # with more, threads wait for each other, and a busy machine is a hundred times slower
        self.spec = spec
        self.task = spec.build_task()
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
        self._state: Any = None
        self._cancelled = threading.Event()
        self._scores: dict[str, float] = {}
        self._snapshots: dict[int, dict[str, np.ndarray]] = {}
        self._snapshots_due = _snapshots_due(spec, self.network)

    def advance(self, updates: int) -> Progress:
        """Do up to ``updates`` more updates; fewer at the end, if cancelled, or if a loss or gradient is not finite."""
        for _ in range(updates):
            if self.outcome is not Outcome.RUNNING:
                break
            if self._cancelled.is_set():
                self.outcome = Outcome.CANCELLED
                break
            self._update()
            done = len(self.history.loss)
            if self.outcome is Outcome.RUNNING and done in self._snapshots_due:
                self._snapshots[done] = _halved(self.network)
            if self.outcome is Outcome.RUNNING and done == self.spec.updates:
                self.outcome = Outcome.FINISHED
            ended = self.outcome is Outcome.DIVERGED  # the last update was not applied: the weights are the same
            if not ended and (done % HELD_OUT_EVERY == 0 or self.outcome is Outcome.FINISHED):
                self._evaluate()
            if self.outcome is Outcome.FINISHED and self._answers:
                self._scores = self._scored()
        return self.progress()

    def cancel(self) -> None:
        """Ask the training to end after the current update; any thread may call this."""
        self._cancelled.set()

    def progress(self) -> Progress:
        """Return where the training stands."""
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
        """Return the training so far, as plain arrays."""
        curves = {name: np.asarray(getattr(self.history, name), dtype=kind) for name, kind in _CURVE_TYPES.items()}
        return Run(
            spec=self.spec,
            outcome=str(self.outcome),
            inputs=self.task.inputs,
            outputs=self.task.outputs,
            weights=self.network.arrays(),
            curves=curves,
            metrics=self._metrics(),
            made=made(),
            diverged_at=self.diverged_at,
            snapshots=dict(self._snapshots),
        )

    def held_out_scores(self) -> dict[str, float]:
        """Return what the present weights score on the held-out examples.

        Returns
        -------
        dict
            ``held_out_loss``, the same in other units, and what else the task measures, by the names of ``metrics``.
        """
        loss = self._held_out_loss()
        return {"held_out_loss": loss} | self.task.other_units(loss) | (self._scored() if self._answers else {})

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
        """Take the proximal step of the L1 penalty.

        W_hh <- sign(W_hh) max(|W_hh| - learning_rate * recurrent_l1, 0)

        This is the step that goes with plain gradient descent. All weights shrink by the same amount, also under Adam
        and RMSprop, whose own steps differ from weight to weight.

        Source: Daubechies, Defrise and De Mol (2004), An iterative thresholding algorithm, section 1.
        """
        if self.spec.recurrent_l1:
            with torch.no_grad():
                weights = self.network.weights()
                for name in self.network.arrangement.recurrent():
                    weights[name].copy_(softshrink(weights[name], self.spec.learning_rate * self.spec.recurrent_l1))

    def _record(self, loss: float, norm: float, clipped: bool, seconds: float) -> None:
        history = self.history
        history.loss.append(loss)
        history.gradient_norm.append(norm)
        history.clipped.append(clipped)
        history.seconds.append(seconds + (history.seconds[-1] if history.seconds else 0.0))

    def _loss(self, batch: Batch) -> Tensor:
        state = self._state
        if state is not None and batch.fresh.any():
            weights, examples = self.network.weights(), len(batch.inputs)
            state = renewed(state, self.network.arrangement.initial_state(weights, examples), batch.fresh)
        predictions, state = self.network(batch, state, window=self.spec.truncation_length)
        self._state = detached(state)
        return self.task.loss(predictions, batch)

    def _evaluate(self) -> None:
        loss = self._held_out_loss()
        self.history.held_out_update.append(len(self.history.loss))
        self.history.held_out_loss.append(loss)

    def _held_out_loss(self) -> float:
        with torch.inference_mode():
            losses = []
            for batch in self._held_out:
                predictions, _ = self.network(batch)
                losses.append(self.task.loss(predictions, batch))
        return float(torch.stack(losses).mean())

    @property
    def _answers(self) -> bool:
        """Whether the network can give by itself what the task scores: a sequence, or one symbol."""
        arrangement = self.network.arrangement
        return arrangement.writes or (
            arrangement.plan.pattern is Pattern.MANY_TO_ONE and bool(self.task.outputs.symbols)
        )

    def _scored(self) -> dict[str, float]:
        """Return the task's scores, other than the loss, of what the network says by itself."""
        arrangement, weights = self.network.arrangement, self.network.weights()
        with torch.inference_mode():
            return self.task.scores(partial(arrangement.answer, weights))

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
            metrics |= self.task.other_units(progress.held_out_loss) | self._scores
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
    """Return when, on what machine and with which versions a result is made."""
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "threads": str(torch.get_num_threads()),
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
    """Return the updates after which the weights are kept.

    They come after k^2 / 64 of all updates, k = 1 ... 7, because most happens at the beginning.
    """
    if SNAPSHOTS * 2 * sum(one.numel() for one in network.parameters()) > SNAPSHOT_BYTES:
        return frozenset()
    due = {math.ceil(spec.updates * (k / (SNAPSHOTS + 1)) ** 2) for k in range(1, SNAPSHOTS + 1)}
    return frozenset(due - {spec.updates})


def _halved(network: Network) -> dict[str, np.ndarray]:
    """Return the weights in half precision.

    Three digits are enough to see when a unit began to know something.
    """
    largest = torch.finfo(torch.float16).max
    return {name: one.detach().clamp(-largest, largest).half().numpy() for name, one in network.named_parameters()}
