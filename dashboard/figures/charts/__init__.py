"""Charts: functions from labelled data to ``alt.Chart``, without Streamlit and torch.

One file holds the charts of one subject. ``dashboard.figures.figure.show`` gives them title, caption, table and
alternative text. tests/dashboard/figures/test_charts.py compiles every chart that a page draws and checks that its axes
are fixed.
"""

import altair as alt

Chart = alt.LayerChart | alt.VConcatChart
"""What the functions of this package return."""

alt.data_transformers.enable("default", max_rows=None)
