"""Attention: how much a decoder looks at each of the places that an encoder provides."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from core.cells import Shapes, Weights
from core.layers import Part, draw

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from core.layers.layer import Hold


class Memory(NamedTuple):
    """What a decoder can attend to, prepared once for all of its time steps.

    Attributes
    ----------
    values
        Shape: (example, place, feature).
    keys
        What a query is compared with. Shape: (example, place, key).
    mask
        False at padded places. If None, no place is padded. Shape: (example, place), bool.
    """

    values: Tensor
    keys: Tensor
    mask: Tensor | None


class Attended(NamedTuple):
    """The result of one look.

    Attributes
    ----------
    context
        The values, weighted and summed. Shape: (example, feature).
    weights
        The attention weights, which sum to 1 for each example. Shape: (example, place).
    """

    context: Tensor
    weights: Tensor


@dataclass(frozen=True)
class Attention(Part):
    """w_ts = softmax_s(score(q_t, v_s));  context_t = sum_s w_ts v_s.

    Parameters
    ----------
    name
        The name of the part in the network.
    query_size
        How many features the decoder's state has.
    value_size
        How many features a place has.
    """

    name: str
    query_size: int
    value_size: int

    @abstractmethod
    def keys(self, weights: Weights, values: Tensor) -> Tensor:
        """Return what a query is compared with. Shape: (example, place, feature) to (example, place, key)."""

    @abstractmethod
    def scores(self, weights: Weights, query: Tensor, keys: Tensor) -> Tensor:
        """Return how well each place fits the query. Shape: (example, place)."""

    def memory(self, weights: Weights, values: Tensor, mask: Tensor | None) -> Memory:
        """Return what a decoder can attend to, prepared once for all time steps."""
        return Memory(values, self.keys(weights, values), mask)

    def look(self, weights: Weights, query: Tensor, memory: Memory, hold: Hold) -> Attended:
        """Take one look.

        ``query`` has the shape (example, query). The attention weights pass through ``hold`` as "attention".
        """
        import torch

        scores = self.scores(weights, query, memory.keys)
        if memory.mask is not None:
            scores = scores.masked_fill(~memory.mask, -torch.inf)
        attention = hold("attention", scores.softmax(dim=1))
        return Attended((attention[:, :, None] * memory.values).sum(dim=1), attention)


@dataclass(frozen=True)
class Additive(Attention):
    """score(q, v) = a^T tanh(W_q q + W_v v + b).

    Source: Bahdanau, Cho and Bengio (2015), Neural machine translation by jointly learning to align and translate,
    section 3.1 and appendix A.1.2.
    """

    key_size: int = 32

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {
            f"{self.name}.query": (self.key_size, self.query_size),
            f"{self.name}.value": (self.key_size, self.value_size),
            f"{self.name}.bias": (self.key_size,),
            f"{self.name}.score": (self.key_size,),
        }

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        query, *rest = self.shapes()
        draw(weights, (query,), self.query_size, generator)
        draw(weights, rest[:2], self.value_size, generator)
        draw(weights, rest[2:], self.key_size, generator)

    def keys(self, weights: Weights, values: Tensor) -> Tensor:
        """Return W_v v + b for every place. Shape: (example, place, feature) to (example, place, key)."""
        return values @ weights[f"{self.name}.value"].T + weights[f"{self.name}.bias"]

    def scores(self, weights: Weights, query: Tensor, keys: Tensor) -> Tensor:
        """Return a^T tanh(W_q q + W_v v + b). Shape: (example, place)."""
        asked = query @ weights[f"{self.name}.query"].T
        fits: Tensor = (asked[:, None] + keys).tanh() @ weights[f"{self.name}.score"]
        return fits


@dataclass(frozen=True)
class DotProduct(Attention):
    """score(q, v) = q^T W v / sqrt(query size).

    Source: Luong, Pham and Manning (2015), Effective approaches to attention-based neural machine translation,
    section 3.1 ("general"), scaled as in Vaswani et al. (2017), Attention is all you need, section 3.2.1.
    """

    def shapes(self) -> Shapes:
        """Return the shape of every weight by its name in the network, in the order in which they are drawn."""
        return {f"{self.name}.value": (self.query_size, self.value_size)}

    def initialise(self, weights: Weights, generator: Generator) -> None:
        """Draw every weight from ``generator``; ``weights`` are those of the whole network."""
        draw(weights, self.shapes(), self.value_size, generator)

    def keys(self, weights: Weights, values: Tensor) -> Tensor:
        """Return W v / sqrt(query size) of every place. Shape: (example, place, feature) to (example, place, key)."""
        scaled: Tensor = values @ weights[f"{self.name}.value"].T / self.query_size**0.5
        return scaled

    def scores(self, weights: Weights, query: Tensor, keys: Tensor) -> Tensor:
        """Return q^T W v / sqrt(query size). Shape: (example, place)."""
        fits: Tensor = (keys * query[:, None]).sum(dim=2)
        return fits
