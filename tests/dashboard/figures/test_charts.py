"""Every chart that a page draws: it compiles, its axes hold still, and it speaks to a reader who does not see it."""

import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from dashboard.figures import figure
from dashboard.figures.charts import training
from dashboard.shell import navigation
from tests.dashboard.shell.test_config import SHIPPED, contrast

Open = Callable[..., AppTest]


def encodings(spec: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every encoding in a specification, layers and concatenations included."""
    if isinstance(spec, dict):
        yield from spec.get("encoding", {}).items()
        for value in spec.values():
            yield from encodings(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from encodings(value)


def check(spec: dict[str, Any]) -> None:
    """It compiles, and each measured axis has a domain of its own; layers that share a scale need say so only once."""
    vl_convert.vegalite_to_vega(spec)
    measured = [
        (channel, encoding)
        for channel, encoding in encodings(spec)
        if channel in ("x", "y") and encoding.get("type") == "quantitative" and "field" in encoding
    ]
    for channel in {channel for channel, _ in measured}:
        scales = [encoding.get("scale", {}) for one, encoding in measured if one == channel]
        assert any(scale is None or "domain" in scale for scale in scales), f"{channel} moves with its data"


@pytest.mark.parametrize("page", [page.name for page in navigation.lessons()])
def test_charts_of_a_page(page: str, open_page: Open) -> None:
    app = open_page(page)
    assert not app.exception
    for chart in app.get("vega_lite_chart"):
        assert len(chart.proto.alt) > 20, "a chart without words"
        check(json.loads(chart.proto.spec))


def curve(*losses: float, held_out: tuple[float, ...] = ()) -> Any:
    return SimpleNamespace(
        spec=SimpleNamespace(cell="gru", seed=3),
        update=np.arange(1, len(losses) + 1),
        loss=np.array(losses),
        held_out_update=np.arange(len(held_out)) * 50,
        held_out_loss=np.array(held_out),
    )


def test_losses_are_named_data_and_nothing_in_the_chart_depends_on_them() -> None:
    words = {"loss": "loss", "update": "update", "training": "training", "held_out": "held-out", "gru": "GRU"}
    spec = training.losses(updates=40, top=5.0, cells=("gru",), words=words).to_dict()
    check(spec)
    frames = training.loss_frames([curve(3.0, 2.0, held_out=(2.5,))])
    named = {layer["data"]["name"] for layer in spec["layer"]}
    assert named == set(frames)
    assert frames["points"].to_dict("list") == {
        "update": [1.0, 2.0],
        "loss": [3.0, 2.0],
        "cell": ["gru", "gru"],
        "series": ["gru 3", "gru 3"],
    }
    assert list(training.loss_frames([curve()])["points"].columns) == list(frames["points"].columns)
    assert frames["waiting"].empty
    assert training.loss_frames([curve()], "soon")["waiting"].to_dict("list") == {"words": ["soon"]}


@pytest.mark.parametrize("cells", [("lstm",), ("elman", "lstm", "gru")])
def test_a_legend_says_which_line_is_held_out_and_each_can_be_seen_on_both_backgrounds(cells: tuple[str, ...]) -> None:
    words = {"loss": "loss", "update": "update", "training": "fitted", "held_out": "unseen"}
    names = {one: one.upper() for one in cells}
    spec = training.losses(updates=40, top=5.0, cells=cells, words=words | names).to_dict()
    lines = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    for line in lines:
        assert line["mark"].get("opacity", 1) == line["encoding"].get("opacity", {}).get("value", 1) == 1
        for colour, mode in product(line["encoding"]["color"]["scale"]["range"], ("light", "dark")):
            assert contrast(colour, SHIPPED["theme"][mode]["backgroundColor"]) >= 3
    thin, bold = lines[0]["encoding"]["strokeWidth"]["scale"]["range"]
    assert bold >= 2 * thin
    several = [curve(4.0, 3.0, 2.0, held_out=(4.0, 2.0)) for _ in cells]
    for one, cell in zip(several, cells, strict=True):
        one.spec.cell = cell
    rows = {name: table.to_dict("records") for name, table in training.loss_frames(several).items()}
    drawn = vl_convert.vegalite_to_svg(spec | {"datasets": rows, "width": 260})
    told = set(re.findall(r">([^<>]+)</text>", drawn))
    assert {"fitted", "unseen"} <= told
    assert set(names.values()) & told == (set(names.values()) if len(cells) > 1 else set())


def test_the_axis_moves_in_steps() -> None:
    assert training.ceiling([], empty=5.0) == 5
    assert training.ceiling([curve(4.1, 3.0)], empty=5.0) == training.ceiling([curve(4.6, 4.0, 3.0)], empty=5.0) == 5
    assert training.ceiling([curve(1e9)], empty=5.0) == training.LOSS_CEILINGS[-1]
    falling = np.linspace(4.2, 1.0, 100)
    assert training.ceiling([curve(*falling)], empty=5.0) == 5, "the first loss is in the picture"
    assert training.ceiling([curve(*falling, 900.0)], empty=5.0) == 12, "a spike is cut off"


def test_a_chart_is_built_once_for_what_decides_it() -> None:
    built = []

    def build() -> Any:
        built.append(1)
        data = pd.DataFrame({"update": [0, 1]})
        import altair as alt

        return alt.Chart(data).mark_point().encode(x=alt.X("update:Q", scale=alt.Scale(domain=[0, 1])))

    first, again, other = (figure._chart(build, "test", one) for one in (1, 1, 2))
    assert len(built) == 2
    assert first == again
    assert all(isinstance(table, bytes) for table in other["datasets"].values())
    for one in range(20):
        figure.once("another kind", one, lambda: bytes(figure.BYTES_OF_A_KIND // 10))
    first.clear()
    assert figure._chart(build, "test", 1) == again, "what a page does to its copy stays its own"
    assert len(built) == 2
