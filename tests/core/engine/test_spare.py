"""A process that leaves out what it does not use computes the same."""

import ctypes
import json
import subprocess
import sys
from contextlib import suppress

import pytest

from core.choices.allowed import Choices
from core.engine import spare
from core.spec import RANGES
from tests.core.engine.examples import SPEC

TRAINED = """
import json, sys
{before}
from core.spec import RunSpec
from core.training import Training
runs = []
for spec in json.loads(sys.argv[1]):
    training = Training(RunSpec.from_json(spec))
    training.advance(4)
    run = training.run()
    runs.append([run.curves["loss"].tolist(), [array.tolist() for array in run.weights.values()]])
print(json.dumps([runs, "torch._dynamo.eval_frame" in sys.modules, "dask.array" in sys.modules]))
"""


def trained(before: str) -> list[object]:
    optimisers = RANGES["optimiser"]
    assert isinstance(optimisers, Choices)
    specs = [SPEC.replace(optimiser=one, updates=4).to_json() for one in optimisers.names()]
    command = [sys.executable, "-c", TRAINED.format(before=before), json.dumps(specs)]
    return list(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


@pytest.mark.thorough
def test_every_optimiser_trains_the_same_without_the_compiler() -> None:
    runs, compiles, _ = trained("")
    assert compiles, "an optimiser loads the compiler: else there is nothing to leave out"
    assert trained("from core.engine.spare import leave_out_compiler; leave_out_compiler()") == [runs, False, False]


def test_a_module_that_is_left_out_looks_as_if_it_were_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(spare, "_absent", spare._Absent())
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    spare.leave_out("wave")
    with pytest.raises(ModuleNotFoundError, match="wave"):
        import wave  # noqa: F401
    spare.leave_out("wave")
    assert sys.meta_path.count(spare._absent) == 1


def test_a_trace_needs_no_array_of_dask() -> None:
    asked = "import dask; from core.engine.spare import leave_out; leave_out('dask.array'); import xarray; "
    told = asked + "xarray.DataArray([1.0]).mean(); import sys; print('dask.array' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    assert found.stdout.split() == ["False"]


FREED = """
import numpy, psutil
from core.engine.spare import give_back
blocks = [numpy.ones(100_000, dtype=numpy.uint8) for _ in range(801)]  # small enough to lie in one heap
last = blocks.pop()  # above all of them, so that the heap cannot shrink from its end
del blocks
before = psutil.Process().memory_info().rss
give_back()
print(before - psutil.Process().memory_info().rss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems give back by themselves")
def test_what_was_freed_goes_back_to_the_system() -> None:
    with suppress(OSError):
        ctypes.CDLL("libc.so.6")
        found = subprocess.run([sys.executable, "-c", FREED], check=True, capture_output=True, text=True)
        assert int(found.stdout) > 60 * 10**6
