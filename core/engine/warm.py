"""Imported once by the process that every worker is forked from, so that a worker starts with torch in memory.

Nothing here computes, because a thread that was started before a fork does not exist after it.
"""

import gc
from contextlib import suppress

import torch.optim  # noqa: F401

import core.training
from core.cells import cells
from core.engine.spare import leave_out, leave_out_compiler
from core.machine import is_small
from core.tasks import tasks

leave_out_compiler()
# A worker that looks inside a network makes an xarray.Dataset, which loads pandas and asks whether an array is dask's.
leave_out("pyarrow", "dask.array")

if not is_small():  # a small machine loads it at the first look: a third of a second, 60 MB
    import core.traces.tracing
    import core.units.unseen  # noqa: F401

for registry in (cells, tasks):
    for name in registry:
        with suppress(Exception):  # a plug-in that cannot be imported fails in the training that names it
            registry[name]

gc.collect()
gc.freeze()  # the collector leaves these pages alone, so workers go on sharing them
