"""Charts: labelled data in, ``alt.Chart`` out; no Streamlit, no torch.

One file holds the charts of one subject. What calls them, ``dashboard.figure.show``, gives them title, caption, table
and alternative text. tests/dashboard/test_charts.py compiles every chart that a page draws: its axes must be fixed.
"""

import altair as alt

Chart = alt.LayerChart | alt.VConcatChart
"""What a function of this package gives."""

alt.data_transformers.enable("default", max_rows=None)
