"""What runs inside the engine's scheduler: who is next, and whether anybody still waits.

The scheduler knows only tasks and app processes. While anything trains, each app process tells it here, once a second,
which trainings its readers still wait for.
"""

from collections.abc import Sequence
from itertools import count
from typing import Any

_turns = count()
_waited_for: dict[str, frozenset[str]] = {}
"""Client -> keys that a reader in that app process waits for."""


def check_in(client: str, keys: Sequence[str], dask_scheduler: Any) -> list[str]:
    """Record what the readers of ``client`` wait for; return the keys of unfinished trainings, the next one first."""
    _waited_for[client] = frozenset(keys)
    for gone in _waited_for.keys() - dask_scheduler.clients.keys():
        del _waited_for[gone]
    unfinished = [
        task
        for task in dask_scheduler.tasks.values()
        if str(task.key).startswith("run-") and task.state in ("processing", "queued", "no-worker", "waiting")
    ]
    return [task.key for task in sorted(unfinished, key=lambda task: task.priority)]


def wanted_elsewhere(client: str, keys: Sequence[str], dask_scheduler: Any) -> list[str]:
    """Return those of the keys that a reader of an app process other than ``client`` waits for."""
    others = [waited for one, waited in _waited_for.items() if one != client and one in dask_scheduler.clients]
    return [key for key in keys if any(key in waited for waited in others)]


def some_worker(dask_scheduler: Any) -> str | None:
    """Return the address of a worker, each worker in turn; None while there is none."""
    workers = list(dask_scheduler.workers)
    return workers[next(_turns) % len(workers)] if workers else None
