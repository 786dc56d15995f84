"""Looking inside a network: here if it is small, on a worker if it is large, and not at all beyond a bound.

Looking never waits for a training: a worker answers beside its updates. A brief look waits for no other look either.
"""

from typing import Any

from core.engine.call import call, call_alone
from core.engine.queue import queue
from core.machine import elsewhere
from core.runs.price import AT_ALL, BRIEF, HERE, TooLarge, price
from core.runs.run import Run


def look(function: str, run: Run, *arguments: Any, **options: Any) -> Any:
    """Call a function of ``core`` that needs torch with a run and what is asked of it.

    Parameters
    ----------
    function
        "module:name" below ``core``, such as "traces.tracing:trace".

    Raises
    ------
    TooLarge
        If it would cost more than any look may; nothing was begun.
    Exception
        What the function raises.
    """
    cost = price(function, run, (*arguments, *(value for name, value in options.items() if name != "seed")))
    if not cost.within(AT_ALL):
        raise TooLarge(cost)
    brief = cost.within(BRIEF)
    if elsewhere() or not cost.within(HERE) or (not brief and queue().connected):
        return queue().look(function, run, *arguments, **options)
    return (call if brief else call_alone)(function, run, *arguments, **options)
