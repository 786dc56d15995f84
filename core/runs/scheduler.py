"""What runs inside the engine's scheduler: who is next, and whether anybody still waits.

The scheduler knows tasks and app processes; that a reader behind an app process still looks at a training is told to it
here, once a second.
"""

from collections.abc import Sequence
from typing import Any

_waited_for: dict[str, frozenset[str]] = {}
"""Client -> keys that a reader in that app process waits for."""


def check_in(client: str, keys: Sequence[str], dask_scheduler: Any) -> list[str]:
    """Say what the readers of ``client`` wait for; learn the keys of all unfinished trainings, the next one first."""
    _waited_for[client] = frozenset(keys)
    for gone in _waited_for.keys() - dask_scheduler.clients.keys():
        del _waited_for[gone]
    unfinished = [
        task
        for task in dask_scheduler.tasks.values()
        if str(task.key).startswith("run-") and task.state in ("processing", "queued", "no-worker", "waiting")
    ]
    return [task.key for task in sorted(unfinished, key=lambda task: task.priority)]


def wanted_elsewhere(client: str, key: str, dask_scheduler: Any) -> bool:
    """Whether a reader of another app process than ``client`` waits for ``key``."""
    return any(
        key in keys and other in dask_scheduler.clients for other, keys in _waited_for.items() if other != client
    )


def some_worker(dask_scheduler: Any) -> str | None:
    """Address of the first worker; None while there is none."""
    return next(iter(dask_scheduler.workers), None)
