"""A process that leaves out what it does not use computes the same."""

import ctypes
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from core.choices.allowed import Choices
from core.engine import spare
from core.spec import RANGES
from tests.core.engine.examples import SPEC

ROOT = Path(__file__).parents[3]

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


HELD = """
import sys, numpy, psutil
from core.engine.spare import hold_little
if sys.argv[1] == "little":
    hold_little()
numpy.ones(30_000_000, dtype=numpy.uint8)  # glibc learns from it to keep blocks of this size
blocks = [numpy.ones(300_000, dtype=numpy.uint8) for _ in range(300)]
last = blocks.pop()
before = psutil.Process().memory_info().rss
del blocks
print(before - psutil.Process().memory_info().rss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have another allocator")
def test_a_process_that_holds_little_gives_back_what_it_frees_at_once() -> None:
    with suppress(OSError):
        ctypes.CDLL("libc.so.6")
        freed = {}
        for how in ("little", "much"):
            asked = [sys.executable, "-c", HELD, how]
            freed[how] = int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        assert freed["little"] > 60 * 10**6 > freed["much"]


TRANSFORMED = """
import sys
from core.engine.spare import leave_out_compiler
leave_out_compiler()
import torch
from torch.func import functional_call, grad, jacrev, vmap
from torch.utils.checkpoint import checkpoint
from core.runs.network import build
from core.spec import RunSpec
torch.optim.Adam([torch.nn.Parameter(torch.zeros(2))])
assert type(sys.modules["torch._dynamo"]).__name__ == "_Compiler", "an optimiser does without the compiler"
spec = RunSpec(cell="gru", hidden_size=4, options=(("length", 600),))
network = build(spec)
network.initialise(torch.Generator().manual_seed(0))
batch = next(spec.build_task().batches(2, 5, torch.Generator().manual_seed(0)))
weights = {name: one.detach() for name, one in network.named_parameters()}

def loss(weights):
    return functional_call(network, weights, (batch,))[0].square().mean()

many = {name: torch.stack([one, 2 * one]) for name, one in weights.items()}
together = vmap(grad(loss))(many)
for number in (0, 1):
    alone = grad(loss)({name: one[number] for name, one in many.items()})
    assert all(torch.allclose(together[name][number], alone[name], atol=1e-5) for name in weights)
assert all(torch.allclose(one, together[name][0], atol=1e-5) for name, one in jacrev(loss)(weights).items())
x = torch.ones(3, requires_grad=True)
checkpoint(lambda x: x.square().sum(), x, use_reentrant=False).backward()
assert x.grad.tolist() == [2, 2, 2]
"""


def test_the_transformations_of_torch_work_where_the_compiler_is_left_out() -> None:
    done = subprocess.run([sys.executable, "-c", TRANSFORMED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


AT_ONCE = """
import threading
from core.engine.spare import leave_out_compiler
leave_out_compiler()
import torch
from torch.func import grad, vmap
ready, failed = threading.Barrier(6), []
def work():
    ready.wait()
    try:
        vmap(grad(lambda x: (x * x).sum()))(torch.ones(3, 2))
    except Exception as error:
        failed.append(repr(error))
threads = [threading.Thread(target=work) for _ in range(6)]
[one.start() for one in threads]
[one.join() for one in threads]
print(failed)
"""


def test_threads_that_want_the_compiler_at_once_wait_until_it_is_whole() -> None:
    found = subprocess.run([sys.executable, "-c", AT_ONCE], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
