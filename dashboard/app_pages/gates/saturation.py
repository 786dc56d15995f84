"""How often gates are as good as shut and as good as open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:  # xarray is loaded with the trace, which is made before this is called
    import xarray


def shares_table(shares: xarray.Dataset, words: Mapping[str, str]) -> pd.DataFrame:
    """Left- and right-saturation of one gate, unit by unit."""
    columns = {words[name]: shares[name].to_numpy().round(4) for name in ("left", "right")}
    return pd.DataFrame({words["unit"]: range(shares.sizes["unit"]), **columns})
