"""A linear recurrence over many time steps in few operations."""

import math

import torch
from torch import Tensor
from torch.nn.functional import pad


def linear_recurrence(keep: Tensor, add: Tensor, start: Tensor) -> Tensor:
    """Return every state of a linear recurrence.

    Parameters
    ----------
    keep, add
        Shape: (example, time, unit).
    start
        Shape: (example, unit).

    Returns
    -------
    Tensor
        The states s_1 ... s_T. Shape: (example, time, unit).

    Notes
    -----
    s_t = keep_t * s_{t-1} + add_t,  s_0 = start

    The sequence is cut into about sqrt(T) blocks, which advance side by side as if each began at zero. Then the state
    that entered a block, times the product of ``keep`` since then, is added to each of its states. The number of
    operations in a row is of the order of sqrt(T) instead of T.
    """
    examples, length, units = add.shape
    block = math.isqrt(length - 1) + 1
    missing = -length % block
    shape = (examples, (length + missing) // block, block, units)
    keep, add = (pad(one, (0, 0, 0, missing)).reshape(shape) for one in (keep, add))
    kept, states = [keep[:, :, 0]], [add[:, :, 0]]
    for t in range(1, block):
        states.append(torch.addcmul(add[:, :, t], keep[:, :, t], states[-1]))
        kept.append(keep[:, :, t] * kept[-1])
    entered = [start]
    for one in range(shape[1] - 1):
        entered.append(torch.addcmul(states[-1][:, one], kept[-1][:, one], entered[-1]))
    carried = torch.stack(entered, dim=1)[:, :, None]
    every = torch.addcmul(torch.stack(states, dim=2), torch.stack(kept, dim=2), carried)
    return every.reshape(examples, -1, units)[:, :length]
