"""One file, one pattern of inputs and outputs: a stack of cells and its readout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.choices.registry import Registry

if TYPE_CHECKING:
    from core.networks.network import Network

networks: Registry[type[Network]] = Registry("network", __name__, beside=frozenset({"network", "stack"}))
