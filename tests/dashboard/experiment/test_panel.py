"""The panel that trains: what it says and offers in every state, without an engine behind it."""

import ast
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import store as runs
from core.engine.job import JobState, Points, Status
from core.engine.queue import Refused
from core.engine.worker import Problem
from core.runs.run import Run
from core.spec import RunSpec
from core.spec.presets import PRESETS
from core.training import Training
from dashboard.experiment import curves, jobs, panel, training_words
from dashboard.shell import words
from dashboard.shell.words import LANGUAGES, labels


class Queue:
    """Answers as told and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Status] = {}
        self.submitted: list[tuple[str, ...]] = []
        self.cancelled: list[str] = []
        self.refusal: Refused | None = None
        self.readers = 1

    def reader_count(self, key: str) -> int:
        return self.readers

    def submit(self, specs: tuple[RunSpec, ...], reader: str) -> None:
        if self.refusal:
            raise self.refusal
        self.submitted.append(tuple(spec.key for spec in specs))
        for spec in specs:
            self.answers[spec.key] = Status(JobState.QUEUED, place=2, updates=spec.updates)

    def status(self, key: str, reader: str | None = None) -> Status:
        return self.answers.get(key, Status(JobState.ABSENT))

    def cancel(self, keys: list[str], reader: str) -> bool:
        self.cancelled.extend(keys)
        self.answers |= dict.fromkeys(keys, Status(JobState.CANCELLED, update=7, updates=20))
        return True


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr(jobs, "queue", lambda: queue)
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
    queue.answers[spec.key] = Status(JobState.TRAINING, update=5, updates=20, seconds_left=8.2, points=points)
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


def test_one_press_trains_on(open_page, queue: Queue) -> None:
    app = open_page("race", learning_rate="1", clip_norm="none")
    shown = PRESETS["oscillation"][:2]
    assert not app.button(key="race-another").disabled, "its runs are saved"
    app.button(key="race-longer").click().run()
    assert app.query_params["updates"] in ("2000", ["2000"])
    assert queue.submitted == [tuple(spec.replace(updates=2000).key for spec in shown)]


def test_nothing_goes_on_beyond_the_most_updates(sample, queue: Queue) -> None:
    most = RunSpec().allowed("updates").high
    app = AppTest.from_function(
        lambda spec: __import__("dashboard.experiment.panel").experiment.panel.draw_longer([spec], "sample"),
        args=(RunSpec(updates=most),),
    ).run()
    assert not app.exception
    assert not app.button


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", list(Problem))
def test_every_failure_has_a_sentence(problem: Problem, language: str, sample, queue: Queue) -> None:
    app = sample(lang=language)
    queue.answers[spec_of(app).key] = Status(JobState.FAILED, error=problem)
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
    queue.answers[spec_of(app).key] = Status(JobState.TRAINING, update=3, updates=20, attempt=2)
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


class TestSeveral:
    """What is said of an experiment of four seeds of two cells."""

    SPECS = tuple(
        RunSpec(cell=cell, hidden_size=8, batch_size=4, truncation_length=8, updates=20, seed=seed)
        for seed in range(4)
        for cell in ("elman", "lstm")
    )

    @pytest.fixture(params=LANGUAGES)
    def language(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
        monkeypatch.setattr(words, "language", lambda: request.param)
        monkeypatch.setattr("dashboard.shell.address.page", lambda: "race")
        return request.param

    def said(self, *known: Any) -> str:
        """Runs and states in the order of the networks; of those that are not named nothing is known."""
        padded = [*known, *[Status(JobState.ABSENT)] * (len(self.SPECS) - len(known))]
        results = [one if isinstance(one, Run) else None for one in padded]
        return training_words.sentence(self.SPECS, results, [None if isinstance(one, Run) else one for one in padded])

    def test_after_stop_one_sentence_counts_who_was_kept_stopped_and_not_begun(self, language: str) -> None:
        stopped, untouched = Status(JobState.CANCELLED, update=7, updates=20), Status(JobState.CANCELLED)
        sentence = self.said(train(self.SPECS[0]), stopped, stopped, *[untouched] * 5)
        assert "\n" not in sentence
        counted = {
            "en": "kept: 1; stopped on the way: 2; never begun: 5",
            "zh": "保留 1 个，中途停下 2 个，还没开始 5 个",
        }
        assert counted[language] in sentence

    def test_some_are_trained(self, language: str) -> None:
        expected = {"en": "1 of 8 networks are trained", "zh": "8 个网络中已训练完 1 个"}[language]
        assert expected in self.said(train(self.SPECS[0]))
        assert expected not in self.said()

    def test_who_is_meant_is_named_with_its_seed_and_the_language_s_own_colon(self, language: str) -> None:
        lost = replace(train(self.SPECS[3]), outcome="diverged", diverged_at=6)
        sentence = self.said(*map(train, self.SPECS[:3]), lost, *map(train, self.SPECS[4:]))
        assert sentence.startswith({"en": "**LSTM, seed 1**: ", "zh": "**LSTM 种子 1**："}[language])

    def test_what_befell_all_is_said_once(self, language: str) -> None:
        failed = Status(JobState.FAILED, error=Problem.ENGINE)
        assert self.said(*[failed] * 8) == labels(language)["train.failed_engine"]

    def test_the_seconds_left_are_those_of_all_that_is_asked(self, language: str) -> None:
        def seconds(trains: Status, waits: Status) -> str:
            statuses = [trains, trains, *[waits] * 6]
            return training_words.progress(self.SPECS, [None] * 8, statuses, 2)[1].rpartition(" · ")[2]

        trains = Status(JobState.TRAINING, update=10, updates=20, seconds_left=5.0)
        for waits in (Status(JobState.QUEUED, place=1), Status(JobState.STARTING)):
            expected = labels(language)["train.seconds_left"].format(seconds=5 + 3 * 10)
            assert seconds(trains, waits) == expected
        unknown = Status(JobState.TRAINING, update=3, updates=20)
        assert "8" in seconds(unknown, Status(JobState.QUEUED)), "nothing but how many networks there are"

    def test_between_two_networks_the_line_goes_on(self, language: str) -> None:
        waits = [Status(JobState.QUEUED, place=1)] * 8
        words_of = labels(language)
        assert training_words.progress(self.SPECS, [None] * 8, waits, 0) == (
            0.0,
            words_of["train.queued"].format(place=1),
        )
        run = train(self.SPECS[0])
        share, line = training_words.progress(self.SPECS, [run, *[None] * 7], [None, *waits[1:]], 1)
        assert share == pytest.approx(1 / 8)
        assert line.startswith(words_of["train.progress"].format(done=20, asked=160))


def test_a_place_that_one_has_left_counts_until_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel.st, "session_state", {})
    two = [Status(JobState.TRAINING), Status(JobState.TRAINING), Status(JobState.QUEUED)]
    one = [Status(JobState.FINISHED), *two[1:]]
    assert [panel._side_by_side(seen, "race") for seen in (two, one, one, [])] == [2, 2, 1, 1]


def test_curves_are_thinned_and_keep_their_ends() -> None:
    kept = curves._thinned(20_000)
    assert (len(kept), kept[0], kept[-1]) == (300, 0, 19_999)
    assert curves._thinned(7).tolist() == list(range(7))


@pytest.mark.parametrize(("readers", "seconds"), [(0, 1), (1, 1), (60, 1), (61, 2), (300, 5)])
def test_a_page_looks_at_a_training_less_often_when_a_large_class_does(
    queue: Queue, readers: int, seconds: int
) -> None:
    queue.readers = readers
    assert jobs.seconds_between_looks((RunSpec(), RunSpec(seed=1))) == seconds
