"""The recurrence in blocks against the recurrence as it is written."""

import numpy as np
import pytest
import torch

from core.recurrence import linear_recurrence


@pytest.mark.parametrize("length", [1, 2, 3, 7, 16, 17, 300])
def test_blocks_give_what_one_step_after_the_other_gives(length: int) -> None:
    generator = torch.Generator().manual_seed(length)
    keep = torch.rand(2, length, 5, generator=generator, dtype=torch.float64)
    add = torch.randn(2, length, 5, generator=generator, dtype=torch.float64)
    start = torch.randn(2, 5, generator=generator, dtype=torch.float64)
    expected, state = [], start.numpy()
    for t in range(length):
        state = keep[:, t].numpy() * state + add[:, t].numpy()
        expected.append(state)
    np.testing.assert_allclose(linear_recurrence(keep, add, start), np.stack(expected, axis=1), rtol=1e-12, atol=1e-14)


def test_gradients_agree_with_finite_differences() -> None:
    generator = torch.Generator().manual_seed(0)
    shapes = (2, 7, 3), (2, 7, 3), (2, 3)
    given = [torch.rand(shape, generator=generator, dtype=torch.float64, requires_grad=True) for shape in shapes]
    assert torch.autograd.gradcheck(linear_recurrence, given)
