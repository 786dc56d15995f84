"""Charts: labelled data in, ``alt.Chart`` out; no Streamlit, no torch.

One file holds the charts of one subject; every public function that returns an Altair chart is one. What calls it,
``dashboard.figure.show``, gives it its title, its caption and its alternative text. tests/dashboard/test_charts.py
compiles an example of each (``tests/dashboard/chart_examples/<file>.py``) and holds that its domains are fixed.
"""

import altair as alt

alt.data_transformers.enable("default", max_rows=None)
