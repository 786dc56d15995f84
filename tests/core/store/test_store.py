"""The store: whole or not at all, never trusting what it finds, never growing for ever."""

import json
import logging
import os
import pickle  # noqa: TID251 - to show that it is not opened
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from core.runs.run import Run
from core.spec import RunSpec
from core.store import Missing, Store, StoreUnwritable, Torn, decode, encode
from core.store import places as stores
from core.store.places import Place, UnsavedRuns
from tests.core.engine.examples import SPEC, copies, trained

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def run() -> Run:
    return trained()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs", limit_bytes=10**9)


def path(store: Store, run: Run) -> Path:
    return store.directory / run.spec.key[4:6] / f"{run.spec.key}.safetensors"


def age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def assert_same(one: Run, other: Run) -> None:
    assert one.header() == other.header()
    ours, theirs = one.arrays(), other.arrays()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        assert array.dtype == theirs[name].dtype
        np.testing.assert_array_equal(array, theirs[name])


@pytest.mark.parametrize("place", ["disk", "memory"])
def test_what_was_put_comes_back(place: str, store: Store, run: Run) -> None:
    kept: Place = store if place == "disk" else UnsavedRuns()
    assert not kept.has(SPEC.key)
    with pytest.raises(Missing):
        kept.header(SPEC.key)
    with pytest.raises(Missing):
        kept.arrays(SPEC.key)
    kept.put(run)
    assert kept.has(SPEC.key)
    assert kept.header(SPEC.key) == run.header()
    assert_same(Run.restore(kept.header(SPEC.key), kept.arrays(SPEC.key)), run)


def test_a_run_is_one_plain_safetensors_file(store: Store, run: Run) -> None:
    store.put(run)
    assert [found.name for found in store.directory.rglob("*") if found.is_file()] == [f"{SPEC.key}.safetensors"]
    arrays = safetensors.numpy.load_file(path(store, run))
    assert {"weight/weight_ih_l0", "weight/readout.bias", "curve/loss", "curve/held_out_loss"} <= arrays.keys()
    with safetensors.safe_open(path(store, run), framework="np") as file:
        header = json.loads(file.metadata()["run"])
    assert {"key", "spec", "outcome", "metrics", "inputs", "outputs", "made"} <= header.keys()
    assert {"machine", "cpu_capability", "threads", "torch", "python", "created"} <= header["made"].keys()
    assert RunSpec.from_json(json.dumps(header["spec"])) == SPEC
    assert header["metrics"]["seconds"] > 0


@pytest.mark.parametrize(
    "key", ["", "run-", "../../etc/passwd", "run-" + "g" * 40, "run-" + "0" * 41, "run-../" + "0" * 37]
)
def test_a_key_that_is_none_never_becomes_a_path(key: str, store: Store) -> None:
    assert not store.has(key)
    with pytest.raises(Missing):
        store.load(key)


class Opened:
    """Unpickling this would leave a file."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.trace),)


def spoiled(kind: str, run: Run, trace: Path) -> bytes:
    good = encode(run)
    length = int.from_bytes(good[:8], "little")

    def with_arrays(**changed: np.ndarray) -> bytes:
        arrays = run.arrays() | {name.replace("__", "/"): array for name, array in changed.items()}
        return safetensors.numpy.save(arrays, metadata={"run": json.dumps(run.header())})

    return {
        "empty": lambda: b"",
        "short": lambda: good[:5],
        "cut in the header": lambda: good[: length // 2],
        "cut in the arrays": lambda: good[:-1],
        "one byte more": lambda: good + b"\0",
        "zeros": lambda: bytes(len(good)),
        "pickle": lambda: pickle.dumps(Opened(trace)),
        "text": lambda: b"to be or not to be" * 100,
        "another run": lambda: encode(copies(run, 1)[0]),
        "no header of ours": lambda: safetensors.numpy.save(run.arrays()),
        "huge header": lambda: (5 * 10**6).to_bytes(8, "little") + b"{" * 5 * 10**6,
        "deep header": lambda: (10**5).to_bytes(8, "little") + b"[" * 10**5,
        "wrong width": lambda: with_arrays(weight__weight_hh_l0=np.zeros((32, 9), np.float32)),
        "a layer too many": lambda: with_arrays(weight__weight_hh_l1=np.zeros((32, 8), np.float32)),
        "curve too long": lambda: with_arrays(curve__loss=np.zeros(10**4)),
        "strange type": lambda: with_arrays(curve__loss=np.zeros(20, np.float16)),
        "halved weight": lambda: with_arrays(weight__bias_hh_l0=np.zeros(32, np.float16)),
        "snapshot of another width": lambda: with_arrays(**{"snapshot-5__weight_hh_l0": np.zeros((32, 9), np.float16)}),
        "snapshot after the end": lambda: with_arrays(**{"snapshot-20__weight_hh_l0": np.zeros((32, 8), np.float16)}),
        "snapshot of nothing": lambda: with_arrays(**{"snapshot-5__strange": np.zeros((32, 8), np.float16)}),
        "snapshot without a number": lambda: with_arrays(**{"snapshot-x__bias_hh_l0": np.zeros(32, np.float16)}),
        "three axes": lambda: with_arrays(weight__strange=np.zeros((2, 2, 2), np.float32)),
        "settings out of range": lambda: good.replace(rb"\"hidden_size\": 8,", rb"\"hidden_size\": 0,"),
    }[kind]()


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("empty", "truncated"),
        ("short", "truncated"),
        ("cut in the header", "truncated"),
        ("cut in the arrays", "truncated"),
        ("one byte more", "truncated"),
        ("zeros", "foreign"),
        ("pickle", "foreign"),
        ("text", "foreign"),
        ("another run", "foreign"),
        ("no header of ours", "foreign"),
        ("huge header", "foreign"),
        ("deep header", "foreign"),
        ("wrong width", "misshapen"),
        ("a layer too many", "misshapen"),
        ("curve too long", "misshapen"),
        ("strange type", "foreign"),
        ("halved weight", "foreign"),
        ("snapshot of another width", "misshapen"),
        ("snapshot after the end", "misshapen"),
        ("snapshot of nothing", "misshapen"),
        ("snapshot without a number", "misshapen"),
        ("three axes", "misshapen"),
        ("settings out of range", "foreign"),
    ],
)
def test_a_torn_or_foreign_file_is_reported_once_and_ignored(
    kind: str, reason: str, store: Store, run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = spoiled(kind, run, tmp_path / "opened")
    assert spoilt != encode(run)
    path(store, run).parent.mkdir(parents=True)
    path(store, run).write_bytes(spoilt)
    for _ in range(3):
        assert not store.has(SPEC.key)
        with pytest.raises(Torn) as raised:
            store.load(SPEC.key)
        assert raised.value.reason == reason
        with pytest.raises(Torn):
            store.header(SPEC.key)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert [(torn.key, torn.reason) for torn in store.torn()] == [(SPEC.key, reason)]
    assert not (tmp_path / "opened").exists()
    store.put(run)
    assert_same(store.load(SPEC.key), run)
    assert store.torn() == ()


def test_a_file_beyond_the_limit_is_not_read(store: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(run)
    monkeypatch.setattr(stores, "FILE_LIMIT", len(encode(run)) - 1)
    fresh = Store(store.directory, None)
    with pytest.raises(Torn, match="too_large"):
        fresh.load(SPEC.key)
    with pytest.raises(StoreUnwritable):
        fresh.put(run)


def test_an_array_that_is_no_number_of_the_declared_bytes_is_torn(run: Run) -> None:
    good = encode(run)
    for what in (rb'"F32"', rb'"F64"'):
        with pytest.raises(Torn):
            decode(SPEC.key, good.replace(what, b'"I64"' if what == rb'"F32"' else b'"F32"'))


KILLS = 25
WRITER = """
import os, signal, sys, time
from dataclasses import replace
from pathlib import Path
from core.spec import RunSpec
from core.store import Store, decode
run = decode(sys.argv[2], sys.stdin.buffer.read())
for number in range(int(sys.argv[3])):
    store = Store(Path(sys.argv[1]) / str(number), 10**9)
    child = os.fork()
    if child == 0:
        seed = 0
        while True:
            seed += 1
            store.put(replace(run, spec=run.spec.replace(seed=seed)))
    while not any(store.directory.glob("??/run-*")):
        time.sleep(0.001)
    time.sleep(0.0013 * number)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be killed so abruptly there")
def test_a_writer_that_is_killed_leaves_no_damaged_file(store: Store, run: Run) -> None:
    heavy = replace(run, curves={**run.curves, "heavy": np.ones((1000, 500), np.float32)})
    subprocess.run(
        [sys.executable, "-c", WRITER, store.directory, SPEC.key, str(KILLS)], cwd=ROOT, input=encode(heavy), check=True
    )
    whole = half = 0
    for number in range(KILLS):
        survivor = Store(store.directory / str(number), None)
        for file in survivor.directory.glob("??/run-*"):
            found = survivor.load(file.stem)
            assert_same(found, replace(heavy, spec=found.spec))
            whole += 1
        half += sum(1 for _ in survivor.directory.glob("??/.*.tmp"))
    assert whole >= KILLS
    assert 0 < half <= KILLS  # some were killed in the middle of writing


def test_beyond_its_limit_the_store_drops_what_was_unused_for_longest_and_keeps_its_header(
    tmp_path: Path, run: Run
) -> None:
    size = len(encode(run))
    store = Store(tmp_path, limit_bytes=int(4.5 * size))
    runs = copies(run, 6)
    for number, one in enumerate(runs[:4]):
        store.put(one)
        age(path(store, one), 36_000 - number * 3600)
    store.load(runs[0].spec.key)  # used just now: the oldest file, yet not the longest unused
    store.put(runs[4])
    assert [path(store, one).exists() for one in runs[:5]] == [True, False, True, True, True]
    assert not store.has(runs[1].spec.key)
    assert store.header(runs[1].spec.key) == runs[1].header()
    with pytest.raises(Missing):
        store.load(runs[1].spec.key)
    store.put(runs[1])  # trained again
    assert store.has(runs[1].spec.key)
    assert not path(store, runs[1]).with_suffix(".json").exists()
    assert not store.has(runs[2].spec.key)  # had to go for it


def test_what_somebody_looks_at_is_not_dropped_however_long_ago_it_was_loaded(tmp_path: Path, run: Run) -> None:
    store = Store(tmp_path, limit_bytes=int(1.5 * len(encode(run))))
    looked_at, new = copies(run, 2)
    store.put(looked_at)
    age(path(store, looked_at), 3700)
    assert store.has(looked_at.spec.key), "a page that shows a run asks whether it is there, and loads it once"
    store.put(new)
    assert store.has(looked_at.spec.key)


def test_nothing_that_was_used_within_the_hour_is_dropped(tmp_path: Path, run: Run) -> None:
    store = Store(tmp_path, limit_bytes=1)
    runs = copies(run, 3)
    for one in runs:
        store.put(one)
    assert all(store.has(one.spec.key) for one in runs)
    age(path(store, runs[0]), 3700)
    store.put(copies(run, 4)[-1])
    assert [store.has(one.spec.key) for one in runs] == [False, True, True]


def test_the_runs_that_come_with_the_app_are_neither_dropped_nor_marked_as_used(tmp_path: Path, run: Run) -> None:
    store = Store(tmp_path, limit_bytes=None)
    runs = copies(run, 2)
    store.put(runs[0])
    age(path(store, runs[0]), 10**6)
    before = path(store, runs[0]).stat().st_mtime_ns
    store.load(runs[0].spec.key)
    store.put(runs[1])
    assert store.has(runs[0].spec.key)
    assert path(store, runs[0]).stat().st_mtime_ns == before


def test_what_a_killed_writer_left_is_swept_after_an_hour(store: Store, run: Run) -> None:
    folder = store.directory / "ab"
    folder.mkdir(parents=True)
    old, new, foreign = folder / ".run-1.tmp", folder / ".run-2.tmp", folder / "notes.safetensors"
    for file in (old, new, foreign):
        file.write_bytes(b"half")
    age(old, 3700)
    age(foreign, 10**6)
    Store(store.directory, limit_bytes=0).put(run)
    assert not old.exists()
    assert new.exists()
    assert foreign.exists()  # not ours to remove


def test_a_directory_that_cannot_be_written_to_is_named(tmp_path: Path, run: Run) -> None:
    (tmp_path / "runs").write_text("a file where the directory should be")
    with pytest.raises(StoreUnwritable) as raised:
        Store(tmp_path / "runs", 10**9).put(run)
    assert raised.value.directory == tmp_path / "runs"
    assert raised.value.problem


FULL = """
import resource, sys
from pathlib import Path
from core.spec import RunSpec
from core.store import Store, StoreUnwritable, decode
content = sys.stdin.buffer.read()
run = decode(sys.argv[2], content)
resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, len(content) // 2))
try:
    Store(Path(sys.argv[1]), 10**9).put(run)
except StoreUnwritable as error:
    print(error.problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
def test_a_disk_that_fills_up_while_writing_leaves_nothing_behind(store: Store, run: Run) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FULL, store.directory, SPEC.key],
        cwd=ROOT,
        input=encode(run),
        capture_output=True,
        check=True,
    )
    assert b"File too large" in told.stdout
    assert [file for file in store.directory.rglob("*") if file.is_file()] == []


def test_memory_is_bounded_and_drops_the_oldest(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "UNSAVED_LIMIT", int(2.5 * sum(array.nbytes for array in run.arrays().values())))
    memory = UnsavedRuns()
    runs = copies(run, 3)
    for one in runs:
        memory.put(one)
    assert [memory.has(one.spec.key) for one in runs] == [False, True, True]


def test_a_run_is_found_wherever_it_is_kept(home: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    saved, memory = Store(home / "assets", None), UnsavedRuns()
    monkeypatch.setattr(stores, "saved", lambda: saved)
    monkeypatch.setattr(stores, "unsaved", lambda: memory)
    runs = copies(run, 4)
    for place, one in zip((stores.store(), saved, memory), runs, strict=False):
        assert not stores.has(one.spec.key)
        place.put(one)
        assert stores.has(one.spec.key)
        assert_same(stores.load(one.spec.key), one)
    torn = path(stores.store(), runs[1])  # a torn file hides nothing that is kept elsewhere
    torn.parent.mkdir(parents=True, exist_ok=True)
    torn.write_bytes(b"torn")
    assert_same(stores.load(runs[1].spec.key), runs[1])
    with pytest.raises(Missing):
        stores.load(runs[3].spec.key)


@pytest.mark.parametrize(("limit", "size"), [("500MB", 5 * 10**8), ("12345", 12345), ("1.5 GB", 1.5e9), ("lots", 2e9)])
def test_the_limit_is_a_size(
    limit: str, size: float, home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("UNROLLED_STORE_LIMIT", limit)
    assert stores.store().limit_bytes == size
    assert stores.store().directory == home / "runs"
    assert bool(caplog.records) == (limit == "lots")


def test_asking_for_a_run_that_is_there_takes_no_reading(
    store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(run)
    assert store.has(SPEC.key)
    monkeypatch.setattr(Path, "open", None)
    assert store.has(SPEC.key)
