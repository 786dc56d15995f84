"""The panel that trains: what it says and offers in every state, without an engine behind it."""

import ast
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.runs import store as runs
from core.runs.job import Points, State, Status
from core.runs.queue import Refused
from core.runs.worker import Problem
from core.spec import RunSpec
from core.training import Training
from dashboard import live
from dashboard.words import LANGUAGES, labels


class Queue:
    """Answers as told and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Status] = {}
        self.submitted: list[tuple[str, ...]] = []
        self.cancelled: list[str] = []
        self.refusal: Refused | None = None

    def submit(self, specs: tuple[RunSpec, ...], reader: str) -> None:
        if self.refusal:
            raise self.refusal
        self.submitted.append(tuple(spec.key for spec in specs))
        for spec in specs:
            self.answers[spec.key] = Status(State.QUEUED, place=2, updates=spec.updates)

    def status(self, key: str, reader: str | None = None) -> Status:
        return self.answers.get(key, Status(State.ABSENT))

    def cancel(self, keys: list[str], reader: str) -> bool:
        self.cancelled.extend(keys)
        self.answers |= dict.fromkeys(keys, Status(State.CANCELLED, update=7, updates=20))
        return True


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(live, "_queue", lambda: queue)
    return queue


def spec_of(app: AppTest) -> RunSpec:
    assert not app.exception, [one.value for one in app.exception]
    return RunSpec.from_json(ast.literal_eval(app.text[-1].value)[0])


def train(spec: RunSpec) -> Any:
    """Train here and now, and keep the result where pages look for it."""
    training = Training(spec)
    training.advance(spec.updates)
    runs.store().put(training.run())
    return training.run()


def said(app: AppTest) -> str:
    return " ".join(one.value for kind in (app.markdown, app.warning, app.caption) for one in kind)


def bar(app: AppTest) -> tuple[int, str]:
    (progress,) = app.get("progress")
    return progress.proto.value, progress.proto.text


def test_train_then_queue_then_progress_then_result(sample, queue: Queue) -> None:
    app = sample()
    spec = spec_of(app)
    assert "Not trained yet" in said(app)
    app.button(key="sample-train").click().run()
    assert queue.submitted == [(spec.key,)]
    assert bar(app) == (0, "Waiting: number 2 in the queue.")
    points = Points(update=(1, 5), loss=(3.5, 2.25), gradient_norm=(1.0, 1.0), clipped=(False, True))
    queue.answers[spec.key] = Status(State.TRAINING, update=5, updates=20, seconds_left=8.2, points=points)
    app.run()
    share, words = bar(app)
    assert share == 25
    assert words == "5 of 20 updates · loss 2.250 · about 8 s left"
    run = train(spec)
    app.run()
    assert app.get("progress") == []
    assert f"**{run.metrics['bits_per_character']:.2f} bits per character**" in said(app)


def test_train_pressed_twice_and_reloaded_is_one_training(sample, queue: Queue) -> None:
    app = sample()
    app.button(key="sample-train").click().run()
    assert [one.key for one in app.button if one.key == "sample-train"] == []
    reloaded = sample()
    assert bar(reloaded)[1].startswith("Waiting")
    assert len(queue.submitted) == 1


def test_stop(sample, queue: Queue) -> None:
    app = sample()
    app.button(key="sample-train").click().run()
    app.button(key="sample-stop").click().run()
    assert queue.cancelled == [spec_of(app).key]
    assert "Stopped after 7 of 20 updates" in said(app)
    assert not app.button(key="sample-train").disabled


def test_another_seed_when_all_is_trained(sample, queue: Queue) -> None:
    app = sample()
    train(spec_of(app))
    app.run()
    app.button(key="sample-another").click().run()
    assert spec_of(app).seed == 1
    assert queue.submitted == [(spec_of(app).key,)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", list(Problem))
def test_every_failure_has_a_sentence(problem: Problem, language: str, sample, queue: Queue) -> None:
    app = sample(lang=language)
    queue.answers[spec_of(app).key] = Status(State.FAILED, error=problem)
    app.run()
    assert labels(language)[f"train.failed_{problem}"] in said(app)
    assert not app.button(key="sample-train").disabled


REFUSALS = {
    "cost": {"seconds": 4000.0, "ceiling": 600.0},
    "memory": {"megabytes": 900.0, "ceiling": 400.0},
    "runs": {"count": 40, "limit": 32},
    "active": {"limit": 2},
    "full": {"limit": 200},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REFUSALS)
def test_every_refusal_has_a_sentence(reason: str, language: str, sample, queue: Queue) -> None:
    app = sample(lang=language)
    queue.refusal = Refused(reason, **REFUSALS[reason])
    app.button(key="sample-train").click().run()
    assert [one.value for one in app.warning] == [
        labels(language)[f"train.refused_{reason}"].format(**REFUSALS[reason])
    ]
    queue.refusal = None
    app.button(key="sample-train").click().run()
    assert [one.value for one in app.warning] == []


def test_a_repeated_training_says_so(sample, queue: Queue) -> None:
    app = sample()
    queue.answers[spec_of(app).key] = Status(State.TRAINING, update=3, updates=20, attempt=2)
    app.run()
    assert "begun again" in bar(app)[1]


def test_a_diverged_run_gives_advice(sample, queue: Queue) -> None:
    app = sample(optimiser="sgd", learning_rate="1", clip_norm="none")
    training = Training(spec_of(app))
    training.advance(5)
    run = training.run()
    object.__setattr__(run, "outcome", "diverged")
    object.__setattr__(run, "diverged_at", 6)
    runs.store().put(run)
    app.run()
    assert "at update 6" in said(app)
    assert "Clip the gradient" in said(app)


def test_a_torn_file_is_one_line(sample, queue: Queue) -> None:
    app = sample()
    spec = spec_of(app)
    train(spec)
    path = next(runs.store().directory.glob("??/*.safetensors"))
    path.write_bytes(path.read_bytes()[:-100])
    app.run()
    spec_of(app)
    assert "1 damaged or foreign file" in said(app)
    assert not app.button(key="sample-train").disabled


def test_curves_are_thinned_and_keep_their_ends() -> None:
    kept = live._thinned(20_000)
    assert (len(kept), kept[0], kept[-1]) == (300, 0, 19_999)
    assert live._thinned(7).tolist() == list(range(7))
