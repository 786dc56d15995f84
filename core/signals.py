"""How a network describes what happens inside it, in words and equations that a chart can read without torch."""

from dataclasses import dataclass
from enum import StrEnum

CELL_AXES = ("layer", "direction", "example", "time", "unit")


class Role(StrEnum):
    """What a signal does; it decides the range of values and with it the colour scale."""

    GATE = "gate"  # in (0, 1)
    CANDIDATE = "candidate"  # in (-1, 1)
    STATE = "state"  # real; a hidden state lies in (-1, 1)
    WEIGHTS = "weights"  # non-negative, sums to 1


@dataclass(frozen=True)
class Signal:
    """One named quantity of a cell or of an arrangement of cells.

    ``worked`` is the right-hand side once more, with a named number for each factor, so that the equation can be
    shown, and checked, with the numbers of one unit at one time step:

    - ``{forget_gate}`` is that signal now, ``{cell_state.previous}`` the same signal one time step earlier;
    - ``{forget_gate.x}`` is what the input adds to its pre-activation, W_x x_t + b_x, ``{forget_gate.h}`` what the
      hidden state adds, W_h h_{t-1} + b_h;
    - ``{peephole_forget}`` is a parameter of the cell's own, at that unit.

    ``axes`` are the names of its axes in a trace.
    """

    symbol: str
    equation: str
    role: Role
    worked: str = ""
    axes: tuple[str, ...] = CELL_AXES


@dataclass(frozen=True)
class Line:
    """One equation with the numbers of one unit at one time step in it.

    symbol, equation : LaTeX, with symbols
    worked : LaTeX, the right-hand side with numbers
    expression : the same right-hand side as an arithmetic expression of full-precision numbers, sigma and tanh
    value : the left-hand side, as the network computed it
    """

    symbol: str
    equation: str
    worked: str
    expression: str
    value: float
