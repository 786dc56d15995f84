"""A spec checks itself, survives JSON and has one key everywhere."""

import dataclasses
import hashlib
import os
import subprocess
import sys

import pytest

from core.cells import cells
from core.choices.allowed import Choices, Range, SpecError
from core.choices.options import option, options
from core.networks import fitting, networks
from core.runs.network import build
from core.spec.presets import PRESETS
from core.spec.run_spec import FORMAT, OPERATIONS, RANGES, SECONDS_OF_A_SYMBOL, RunSpec
from core.tasks import tasks


@pytest.mark.parametrize("cell", cells.names())
@pytest.mark.parametrize("task", tasks.names())
def test_json_round_trip(cell, task):
    spec = RunSpec(cell=cell, task=task, learning_rate=0.1, clip_norm=None, seed=3)
    assert RunSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cell", "lstn"), ("cell", None), ("task", "../characters"), ("hidden_size", 0), ("hidden_size", 513),
        ("hidden_size", 3.5), ("hidden_size", True), ("hidden_size", "64"), ("layer_count", 4),
        ("optimiser", "adagrad"), ("learning_rate", 0), ("learning_rate", float("nan")),
        ("learning_rate", float("inf")), ("momentum", 1), ("recurrent_l1", 2), ("clip_norm", 0),
        ("truncation_length", 0),
        ("batch_size", 0), ("updates", 0), ("updates", 10**9), ("seed", -1), ("seed", 2**31),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_is_allowed(field, value):
    with pytest.raises(SpecError) as caught:
        RunSpec(**{field: value})
    assert (caught.value.field, caught.value.allowed) == (field, str(RANGES[field]))
    assert field in str(caught.value)
    assert repr(value) in str(caught.value)


def test_every_field_but_the_options_has_a_range():
    assert {field.name for field in dataclasses.fields(RunSpec)} == {*RANGES, "options"}


@pytest.mark.parametrize("field", [name for name, allowed in RANGES.items() if isinstance(allowed, Range)])
def test_both_ends_of_a_range_are_allowed(field):
    allowed = RANGES[field]
    for value in (allowed.low, allowed.high):
        assert getattr(RunSpec(optimiser="sgd", **{field: value}), field) == value


@pytest.mark.parametrize("field", [name for name, allowed in RANGES.items() if isinstance(allowed, Choices)])
def test_every_choice_is_allowed(field):
    for name in RunSpec().allowed(field).names():
        assert getattr(RunSpec(**{field: name}), field) == name


def test_options_are_checked_and_completed():
    assert RunSpec(task="adding").option("length") == tasks["adding"]().length
    with pytest.raises(SpecError, match="length = 3 is not allowed"):
        RunSpec(task="adding", options=(("length", 3),))
    with pytest.raises(SpecError, match=r"one of the options of adding: .*length"):
        RunSpec(task="adding", options=(("colour", "red"),))
    with pytest.raises(SpecError, match="forget_bias = 9 is not allowed"):
        RunSpec(options=(("forget_bias", 9),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"optimiser": "adam", "momentum": 0.9}, {"optimiser": "adam"}),
        ({"cell": "elman", "options": (("forget_bias", 1.0),)}, {"cell": "elman"}),
        ({"task": "adding", "options": (("text", "english"),)}, {"task": "adding"}),
        ({"network": "recurrent"}, {}),
        ({"options": (("length", 100_000),)}, {}),
        ({"task": "adding", "truncation_length": 50}, {"task": "adding", "truncation_length": 512}),
        ({"task": "adding", "direction": "both", "truncation_length": 3}, {"task": "adding", "direction": "both"}),
        (
            {"task": "adding", "network": "time_delay", "truncation_length": 3},
            {"task": "adding", "network": "time_delay"},
        ),
        ({"task": "dates", "truncation_length": 3}, {"task": "dates"}),
    ],
)
def test_what_means_nothing_does_not_split_equal_experiments(one, other):
    assert RunSpec(**one) == RunSpec(**other)
    assert RunSpec(**one).key == RunSpec(**other).key


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ({"length": 50, "truncation_length": 49}, 49),
        ({"length": 50, "truncation_length": 50}, 64),
        ({"length": 100, "truncation_length": 64}, 64),
        ({"length": 100, "truncation_length": 100}, 100),
        ({"length": 100, "truncation_length": 512}, 100),
        ({"task": "forecast", "truncation_length": 7}, 7),
        ({"task": "forecast", "network": "time_delay", "truncation_length": 7}, 7),
        ({"task": "forecast", "network": "linear_autoregression", "truncation_length": 7}, 7),
        ({"task": "characters", "network": "time_delay", "truncation_length": 512}, 512),
    ],
)
def test_a_truncation_that_cuts_nothing_is_the_same_at_every_length(given, canonical):
    spec = RunSpec(task="adding").replace(**given)
    assert spec.truncation_length == canonical
    assert RunSpec.from_json(spec.to_json()) == spec
    assert spec.replace(truncation_length=canonical) == spec


def test_a_later_field_or_option_with_a_default_changes_no_key(monkeypatch):
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class LaterSpec(RunSpec):
        weight_decay: float = 0.0

    @dataclasses.dataclass(frozen=True)
    class LaterCharacters(tasks["characters"]):
        folded: str = option("no", Choices(lambda: ("no", "yes")))

    every = [spec for specs in PRESETS.values() for spec in specs]
    before = [(spec.key, spec.to_json()) for spec in every]
    monkeypatch.setitem(tasks._plugins, "characters", LaterCharacters)
    for spec, (key, text) in zip(every, before, strict=True):
        later = LaterSpec.from_json(text)
        assert later.key == key
        assert later.to_json() == text
        if spec.task == "characters":
            assert later.replace(folded="yes").key != key
        assert later.replace(weight_decay=0.1).key != key


def test_another_task_brings_its_network():
    spec = RunSpec().replace(task="adding")
    assert spec.network == tasks["adding"].network
    with pytest.raises(SpecError, match="network"):
        RunSpec(network="nothing")


@pytest.mark.parametrize("network", networks.names())
@pytest.mark.parametrize("task", tasks.names())
@pytest.mark.parametrize("other", tasks.names())
def test_another_task_keeps_what_can_be_trained_on_it(network, task, other):
    if network not in fitting(tasks[task].pattern, tasks[task].reads):
        return
    spec = RunSpec(task=task, network=network, direction="forward" if tasks[task].foretells else "both")
    new = spec.replace(task=other)
    chosen = network != tasks[task].network and network in fitting(tasks[other].pattern, tasks[other].reads)
    if task != other:
        assert new.network == (network if chosen else tasks[other].network)
    with pytest.raises(SpecError, match="network"):
        spec.replace(task=other, network="nothing")
    with pytest.raises(SpecError, match="task"):
        spec.replace(task="nothing")


def test_no_two_plug_ins_of_an_experiment_share_the_name_of_an_option():
    fields = {field.name for field in dataclasses.fields(RunSpec)}
    for task in tasks:
        for network in fitting(tasks[task].pattern, tasks[task].reads):
            for cell in cells:
                names = [name for one in (tasks[task], networks[network], cells[cell]) for name in options(one)]
                assert len(names) == len(set(names))
                assert not fields & set(names)


def test_replace_reaches_options():
    spec = RunSpec().replace(text="english", hidden_size=8)
    assert (spec.option("text"), spec.hidden_size) == ("english", 8)
    assert spec.option("length") == RunSpec().option("length")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cell": 1}', '{"colour": "red"}', '{"options": []}', "null"])
def test_foreign_json_is_a_spec_error(text):
    with pytest.raises(SpecError):
        RunSpec.from_json(text)


def test_a_number_too_long_for_a_float_is_a_spec_error():
    with pytest.raises(SpecError):
        RunSpec.from_json('{"seed":' + "9" * 400 + "}")


def test_after_the_largest_seed_comes_0():
    last = RunSpec(seed=2**31 - 1)
    assert [last.later_seed(count).seed for count in (0, 1, 3)] == [2**31 - 1, 0, 2]


def test_equal_experiments_have_equal_keys():
    assert RunSpec(learning_rate=1).key == RunSpec(learning_rate=1.0).key
    given = RunSpec(options=(("text", "tidy_code"),))
    assert given.key == RunSpec().key
    assert given == RunSpec()


def test_every_field_decides_the_key():
    base = RunSpec(optimiser="sgd", momentum=0.5)
    backward = RunSpec(task="adding", direction="both")
    assert backward.key != backward.replace(direction="forward").key
    changes = {
        "cell": "gru", "task": "adding", "hidden_size": 65, "layer_count": 2, "optimiser": "rmsprop",
        "learning_rate": 0.1, "momentum": 0.9, "recurrent_l1": 0.1, "clip_norm": None,
        "truncation_length": 65, "batch_size": 33,
        "updates": 401, "seed": 1, "text": "english", "forget_bias": 1.0,
    }  # fmt: skip
    assert set(changes) == {*RANGES, "text", "forget_bias"} - {"network", "direction"}
    keys = {
        (base.replace(**{name: value}) if name != "task" else RunSpec(task="adding")).key
        for name, value in changes.items()
    }
    assert len(keys | {base.key}) == len(changes) + 1


def test_the_key_is_the_hash_of_the_canonical_json_and_the_same_in_another_process():
    spec = RunSpec(learning_rate=0.1 + 0.2)
    assert spec.key == "run-" + hashlib.sha256(f"{FORMAT}:{spec.to_json()}".encode()).hexdigest()[:40]
    code = "from core.spec import RunSpec; print(RunSpec(learning_rate=0.1 + 0.2).key)"
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, env=environment)
    assert printed.stdout.decode().strip() == spec.key


def test_more_work_costs_more():
    assert RunSpec(updates=800).cost == pytest.approx(2 * RunSpec(updates=400).cost)
    assert RunSpec(hidden_size=256).cost > RunSpec(hidden_size=128).cost


@pytest.mark.parametrize("layer_count", [1, 3])
@pytest.mark.parametrize("text", ["tidy_code", "chinese"])
def test_the_cost_knows_every_weight_of_the_network(text, layer_count):
    spec = RunSpec(hidden_size=48, layer_count=layer_count, options=(("text", text), ("length", 5_000)))
    weights = {name: array.size for name, array in build(spec).arrays().items() if "bias" not in name}
    symbols = spec.build_task().inputs.size
    assert spec.features == (symbols, symbols)
    examples = (spec.replace(batch_size=64).cost - spec.cost) / (spec.updates * spec.truncation_length * 32)
    operations = (examples - SECONDS_OF_A_SYMBOL * symbols) * OPERATIONS
    assert operations == pytest.approx(6 * sum(weights.values()) - 2 * weights["weight_ih_l0"])


def test_a_text_that_is_not_here_has_a_cost_too():
    spec = RunSpec(options=(("text", "own-" + "0" * 32),))
    assert RunSpec(options=(("text", "tidy_code"),)).cost / 2 < spec.cost < RunSpec().cost * 2


@pytest.mark.parametrize("task", ["characters", "forecast"])
def test_what_is_asked_is_not_read_backward(task):
    assert str(RunSpec(task=task).allowed("direction")) == "one of forward"
    with pytest.raises(SpecError, match="forward"):
        RunSpec(task=task, direction="both")


def test_a_deep_text_is_no_spec():
    with pytest.raises(SpecError, match="JSON"):
        RunSpec.from_json("[" * 100_000)
