"""How long an experiment of several trainings still takes, including those that wait."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapreplace


@dataclass(frozen=True)
class TrainingPart:
    """One training of an experiment.

    Attributes
    ----------
    kind
        Trainings of one kind are assumed to run at the same pace.
    cost
        Estimated seconds of the whole training. Only its ratio to the cost of others counts.
    updates, done
        Updates of the whole training, and updates done so far.
    seconds
        Seconds that the updates so far took; None if that is not known.
    trains
        Whether it runs at this moment.
    """

    kind: str
    cost: float
    updates: int
    done: int = 0
    seconds: float | None = None
    trains: bool = False


def seconds_left(parts: Sequence[TrainingPart], side_by_side: int) -> float | None:
    """Return the seconds until all trainings have ended; None while no pace is known.

    ``side_by_side`` of them train at a time, in the order given. Each runs at the mean pace of its kind so far. If none
    of its kind has begun, it runs at the mean pace of all, in proportion to their cost.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    updates: defaultdict[str, int] = defaultdict(int)
    cost = 0.0
    for part in parts:
        if part.done and part.seconds is not None:
            seconds[part.kind] += part.seconds
            updates[part.kind] += part.done
            cost += part.cost * part.done / part.updates
    if not updates:
        return None
    by_cost = sum(seconds.values()) / cost

    def left(part: TrainingPart) -> float:
        own = updates[part.kind]
        pace = seconds[part.kind] / own if own else by_cost * part.cost / part.updates
        return pace * (part.updates - part.done)

    missing = [part for part in parts if part.done < part.updates]
    ends = sorted([left(part) for part in missing if part.trains])
    ends = [0.0] * (side_by_side - len(ends)) + ends
    for part in missing:
        if not part.trains:
            heapreplace(ends, ends[0] + left(part))
    return max(ends, default=0.0)
