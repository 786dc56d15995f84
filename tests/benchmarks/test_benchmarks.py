"""The benchmarks measure what they say: both sides in turn, medians, and a bound that can fail."""

from pathlib import Path

import pytest

from benchmarks import HEADING, Row, alternate, as_markdown, benchmarks, classroom, large_looks
from benchmarks.__main__ import named
from benchmarks.visiting import Visitor, bare_page, serving


def row(value: float, **bound: float) -> Row:
    return Row("something", ours=2.0, peers=4.0, unit="ms", peer="somebody", value=value, **bound)


def test_both_sides_are_measured_in_turn_after_a_first_time_that_does_not_count():
    order: list[str] = []

    def side(name: str, took: list[float]):
        def measured() -> float:
            order.append(name)
            return took[order.count(name) - 1]

        return measured

    medians = alternate(side("ours", [100, 1, 9, 2]), side("peers", [100, 5, 4, 60]), rounds=3)
    assert order == ["ours", "peers"] * 4
    assert medians == (2, 5)


@pytest.mark.parametrize(
    ("value", "bound", "holds"),
    [
        (0.95, {"at_least": 0.95}, True),
        (0.94, {"at_least": 0.95}, False),
        (3.0, {"at_most": 3}, True),
        (3.1, {"at_most": 3}, False),
    ],
)
def test_a_bound_can_fail_and_the_table_says_so(value, bound, holds):
    assert row(value, **bound).holds is holds
    assert ("**no**" in as_markdown(row(value, **bound))) is not holds


def test_a_line_has_the_columns_of_the_heading_and_the_ratio_of_the_medians():
    line = as_markdown(row(1, at_most=2))
    assert {line.count("|") for line in (*HEADING.split("\n"), line)} == {8}
    assert "| 0.50 |" in line


def test_every_benchmark_registers_itself():
    wanted = {"training", "trace", "refresh", "pages", "start", "first_point", "oscillation", "clamp", "finder"}
    wanted |= {"memory", "classroom", "large_looks"}
    assert set(benchmarks.names()) == wanted
    assert all(callable(benchmarks[name]) for name in wanted)


def test_a_visitor_presses_a_button_and_the_server_works_for_it():
    with bare_page() as script:
        script.write_text(
            "import streamlit as st\n"
            "if st.button('Press', key='bare-press'):\n"
            "    st.progress(0.5, text='pressed')\n"
            "@st.fragment(run_every=7)\n"
            "def beat():\n    sum(range(2_000_000))\n    st.progress(0.1, text='beat')\n"
            "beat()\n",
            encoding="utf-8",
        )
        with serving(script) as server, Visitor(server) as visitor:
            visitor.run()
            ((fragment, seconds),) = visitor.beats.items()
            assert seconds == 7
            assert server.healthy_after > 0
            assert visitor.processor_time(10, fragment=fragment) > 0.005, "the beat adds up two million numbers"
            assert visitor.words == "beat"
            with pytest.raises(RuntimeError, match="0 buttons"):
                visitor.button("elsewhere")
            assert visitor.run(press="press") > 0
            process = server.process
    assert process.poll() is not None, "nothing is left running"


def test_the_beginning_of_a_name_is_enough():
    assert named("class") == "classroom"
    assert named("tra") == "tra", "trace and training both begin so"


def test_a_visitor_changes_what_a_reader_can_change_and_comes_back_to_its_session():
    with bare_page() as script:
        script.write_text(
            "import streamlit as st\n"
            "st.session_state['runs'] = st.session_state.get('runs', 0) + 1\n"
            "st.query_params['size'] = str(st.select_slider('Size', [1, 2, 4], key='bare-size'))\n"
            "place = st.slider('Place', 0, 9, key='bare-place')\n"
            "kind = st.segmented_control('Kind', ['a', 'b'], key='bare-kind')\n"
            "st.progress(0.5, text=f\"{st.session_state['runs']} {place} {kind}\")\n"
            "@st.fragment\n"
            "def part():\n    st.progress(0.1, text='part ' + st.selectbox('Part', ['c', 'd'], key='bare-part'))\n"
            "part()\n",
            encoding="utf-8",
        )
        with serving(script) as server, Visitor(server) as visitor:
            visitor.run()
            size, place, kind, part = visitor.changes
            visitor.run(change=(size, 2))
            assert visitor.query == "size=4"
            visitor.run(change=(part, 1))
            assert visitor.words == "part d", "a fragment alone is drawn anew"
            visitor.reconnect()
            visitor.run(change=(place, 1))
            visitor.run(change=(kind, 1))
            assert (visitor.query, len(visitor.changes)) == ("size=4", 4)


@pytest.mark.parametrize("part", [classroom.measure_page, classroom.measure_training, classroom.measure_memory])
def test_a_small_class(part):
    size = classroom.Size(
        arriving=8, arriving_over=0.5, pressing=8, pressing_over=1, race="updates=60&hidden_size=16&seed=7",
        playing=8, changes=2, between_changes=0.2, sessions=10, own_passages=5, rest=0,
    )  # fmt: skip
    rows = list(part(size, "race") if part is classroom.measure_page else part(size))
    assert rows
    assert all(row.ours > 0 for row in rows)


def test_a_failing_page_is_not_measured(tmp_path: Path):
    script = tmp_path / "wrong.py"
    script.write_text("raise ValueError('wrong')\n", encoding="utf-8")
    with serving(script) as server, Visitor(server) as visitor, pytest.raises(RuntimeError, match="the page failed"):
        visitor.run()


@pytest.mark.thorough
def test_small_looks_are_measured_as_large_ones():
    network = "hidden_size=16&updates=10&length=20000&seed={seed}"
    passage, memory = large_looks.measure(large_looks.Large(searching=2, network=network, passages=3))
    assert passage.value > 0
    assert memory.value > 50


@pytest.mark.thorough
@pytest.mark.parametrize("page", [page for page in classroom.PAGES if page])  # home has a button only
def test_every_change_of_a_page_is_one_that_the_page_understands(page: str):
    with serving(environment={"UNROLLED_LOOK": ""}) as server, Visitor(server, page) as visitor:
        visitor.run()
        assert visitor.changes
        for name in list(visitor.changes):
            if name in visitor.changes:  # an earlier change may have taken it away
                assert visitor.run(change=(name, 1)) > 0
        mapped = Path(f"/proc/{server.process.pid}/maps")
        assert not mapped.exists() or "libtorch" not in mapped.read_text(), "what serves the pages leaves torch alone"
