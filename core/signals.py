"""How a network describes what happens inside it, in words and equations that a chart can read without torch."""

from dataclasses import dataclass
from enum import StrEnum

CELL_AXES = ("layer", "direction", "example", "time", "unit")


class Role(StrEnum):
    """What a signal does, which decides its range of values and so its colour scale."""

    GATE = "gate"  # in (0, 1)
    CANDIDATE = "candidate"  # in (-1, 1)
    STATE = "state"  # real; a hidden state lies in (-1, 1)
    WEIGHTS = "weights"  # non-negative, sums to 1


@dataclass(frozen=True)
class Signal:
    """One named quantity of a cell or of an arrangement of cells.

    Parameters
    ----------
    symbol
        The left-hand side of its equation, LaTeX.
    equation
        The right-hand side, LaTeX.
    worked
        The right-hand side again, with a name in place of each number. With it, the equation can be shown and checked
        with the numbers of one unit at one time step.
    axes
        The names of its axes in a trace.

    Notes
    -----
    The names in ``worked`` mean:

    - ``{forget_gate}``: that signal at this time step. ``{cell_state.previous}``: that signal one time step earlier.
    - ``{forget_gate.x}``: what the input adds to the signal's pre-activation, W_x x_t + b_x. ``{forget_gate.h}``: what
      the hidden state adds, W_h h_{t-1} + b_h.
    - ``{peephole_forget}``: a parameter of the cell's own, at that unit.
    """

    symbol: str
    equation: str
    role: Role
    worked: str = ""
    axes: tuple[str, ...] = CELL_AXES


@dataclass(frozen=True)
class Line:
    """One equation, with the numbers of one unit at one time step.

    Parameters
    ----------
    symbol, equation
        The left-hand and the right-hand side with symbols, LaTeX.
    worked
        The right-hand side with numbers, LaTeX.
    expression
        The same right-hand side as an arithmetic expression of full-precision numbers, sigma and tanh.
    value
        The left-hand side, as the network computed it.
    """

    symbol: str
    equation: str
    worked: str
    expression: str
    value: float
