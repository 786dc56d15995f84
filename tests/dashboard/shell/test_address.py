"""Links: every setting there and back, wrong values in words, the same in every language."""

import ast
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.spec import RunSpec
from core.texts import own
from dashboard.shell import frame
from dashboard.shell.words import label


def seen(app: AppTest) -> tuple[Any, ...]:
    """What the sample page drew with: the spec, then its own settings."""
    assert not app.exception, [one.value for one in app.exception]
    spec, *rest = ast.literal_eval(app.text[-1].value)
    return (RunSpec.from_json(spec), *rest)


def address(app: AppTest) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[-1] for name, value in app.query_params.items()}


def lines(app: AppTest) -> list[str]:
    return [one.value for one in app.warning]


def test_a_bare_address_is_the_default(sample) -> None:
    app = sample()
    spec, *rest = seen(app)
    assert (spec.cell, spec.hidden_size, spec.updates) == ("lstm", 8, 20)
    assert rest == [0, "folded", 1.0, False, "abc"]
    assert address(app) == {}


CHANGES = {
    "cell": "gru",
    "text": "english",
    "length": 5000,
    "hidden_size": 33,
    "layer_count": 2,
    "optimiser": "sgd",
    "learning_rate": 0.0037,
    "momentum": 0.85,
    "recurrent_l1": 0.07,
    "clip_norm": None,
    "truncation_length": 17,
    "batch_size": 5,
    "updates": 123,
    "seed": 2**31 - 1,
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_setting_comes_from_a_link_and_stays_in_it(name: str, sample) -> None:
    value = CHANGES[name]
    written = "none" if value is None else str(value)
    query = {name: written} | ({"optimiser": "sgd"} if name == "momentum" else {})
    app = sample(**query)
    assert controls_of(seen(app)[0])[name] == value
    assert lines(app) == []
    assert address(app) == query
    assert address(app.run()) == query


def controls_of(spec: RunSpec) -> dict[str, Any]:
    from dashboard.experiment.controls import settings

    return settings(spec)


def test_all_at_once_and_the_pages_own(sample) -> None:
    query = {name: "none" if value is None else str(value) for name, value in CHANGES.items()}
    query |= {"unit": "32", "view": "unrolled", "heat": "0.7", "bold": "yes", "words": "x=1 & <b>中文</b> #?"}
    app = sample(**query)
    spec, *rest = seen(app)
    assert {name: controls_of(spec)[name] for name in CHANGES} == CHANGES
    assert rest == [32, "unrolled", 0.7, True, query["words"]]
    again = sample(**address(app))
    assert seen(again) == seen(app)
    assert address(again) == query


def test_widgets_write_the_address_and_defaults_leave_it(sample) -> None:
    app = sample()
    app.selectbox(key="sample-cell").set_value("gru").run()
    app.select_slider(key="sample-hidden_size").set_value(64).run()
    app.slider(key="sample-unit").set_value(40).run()
    app.toggle(key="sample-bold").set_value(True).run()
    assert address(app) == {"cell": "gru", "hidden_size": "64", "unit": "40", "bold": "yes"}
    assert seen(app)[0].cell == "gru"
    assert seen(app)[1] == 40
    app.selectbox(key="sample-cell").set_value("lstm").run()
    app.toggle(key="sample-bold").set_value(False).run()
    assert address(app) == {"hidden_size": "64", "unit": "40"}


def test_what_no_longer_fits_goes_back_without_reproach(sample) -> None:
    app = sample(hidden_size="64", unit="40")
    assert seen(app)[1] == 40
    app.select_slider(key="sample-hidden_size").set_value(16).run()
    assert seen(app)[1] == 0
    assert lines(app) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cell", "FOO"),
        ("text", "own-123"),
        ("hidden_size", "9999"),
        ("hidden_size", "12.5"),
        ("learning_rate", "nan"),
        ("learning_rate", "inf"),
        ("clip_norm", "-1"),
        ("seed", "1e999"),
        ("updates", ""),
        ("unit", "8"),
        ("view", "<script>alert(1)</script>"),
        ("words", "w" * 41),
        ("words", "a\x00b"),
        ("bold", "maybe"),
        ("more", "maybe"),
    ],
)
def test_a_wrong_value_falls_back_and_a_line_says_so(name: str, value: str, sample) -> None:
    language = ("en", "zh")[len(value) % 2]
    app = sample(**{name: value}, lang=language)
    assert seen(app) == seen(sample(lang=language))
    assert len(lines(app)) == 1
    assert ("地址" in lines(app)[0] or "链接" in lines(app)[0]) == (language == "zh")
    app.selectbox(key="sample-cell").set_value("gru").run()
    assert lines(app) == [], "once the reader has changed something, the link is history"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("page", "name", "fallback"),
    [
        ("unrolled", "pattern", {"en": "Many to many", "zh": "多对多"}),
        ("race", "cells", {"en": "Elman RNN and LSTM", "zh": "Elman RNN 和 LSTM"}),
        ("race", "seeds", {"en": "1", "zh": "1"}),
    ],
)
def test_a_pages_own_settings_are_refused_like_all_others(page, name, fallback, language, open_page) -> None:
    app = open_page(page, lang=language, **{name: "zebra"})
    assert not app.exception
    assert len(lines(app)) == 1
    assert "zebra" in lines(app)[0]
    assert lines(app)[0].rstrip(".。").endswith(fallback[language])


def test_all_that_is_wrong_with_a_link_stands_in_one_box(sample) -> None:
    app = sample(cell="FOO", unit="8", view="BAR")
    assert len(lines(app)) == 1
    assert [line.startswith("- ") for line in lines(app)[0].splitlines()] == [True] * 3


def test_what_is_no_setting_is_said_once_and_leaves_the_address(sample) -> None:
    app = sample(foo="1", **{"`` <b>": "2"})
    assert seen(app) == seen(sample())
    assert len(lines(app)) == 1
    assert "`` foo ``" in lines(app)[0]
    assert address(app)["foo"] == "1"
    app.selectbox(key="sample-cell").set_value("gru").run()
    assert lines(app) == []
    assert address(app) == {"cell": "gru"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_so_many_names_are_not_all_listed(language: str, sample) -> None:
    app = sample(lang=language, **{f"foo{number}": "1" for number in range(200)})
    assert len(lines(app)) == 1
    assert lines(app)[0].count("``") == 2 * frame.MANY


def test_a_link_made_here_never_asks_in_vain(sample) -> None:
    """What was refused, and what the page has stopped to heed, is in no link; what is heeded again comes back."""
    app = sample(hidden_size="64", unit="40", optimiser="sgd", momentum="0.8", more="yes")
    assert lines(app) == []
    app.segmented_control(key="sample-optimiser").set_value("adam").run()
    assert address(app) == {"hidden_size": "64", "unit": "40", "more": "yes"}
    app.select_slider(key="sample-hidden_size").set_value(16).run()
    assert address(app) == {"hidden_size": "16", "more": "yes"}
    assert lines(sample(**address(app))) == []
    app.select_slider(key="sample-hidden_size").set_value(64).run()
    assert address(app) == {"hidden_size": "64", "unit": "40", "more": "yes"}
    app.segmented_control(key="sample-optimiser").set_value("sgd").run()
    assert seen(app)[0].momentum == 0.8
    assert lines(sample(**address(app))) == []


def test_settings_in_a_closed_drawer_decide_and_are_not_drawn(sample) -> None:
    closed, opened = sample(updates="123"), sample(updates="123", more="yes")
    assert seen(closed) == seen(opened)
    assert seen(closed)[0].updates == 123
    drawn = [{one.key for one in app.select_slider} for app in (closed, opened)]
    assert {"sample-updates", "sample-batch_size"} <= drawn[1] - drawn[0]


def test_settings_that_do_not_go_together(sample) -> None:
    app = sample(momentum="0.9", more="yes")
    assert seen(app)[0].momentum == 0
    assert "momentum" in lines(app)[0]
    app.segmented_control(key="sample-optimiser").set_value("sgd").run()
    assert seen(app)[0].optimiser == "sgd"
    app.segmented_control(key="sample-optimiser").set_value("adam").run()
    assert seen(app)[0].momentum == 0


def test_a_link_opens_in_any_language(sample) -> None:
    english, chinese = sample(text="english", clip_norm="none"), sample(text="english", clip_norm="none", lang="zh")
    assert seen(english) == seen(chinese)
    assert lines(chinese) == []


def test_an_unknown_language_falls_back_and_a_line_says_so(sample) -> None:
    app = sample(lang="tlh")
    assert seen(app) == seen(sample())
    assert "tlh" in lines(app)[0]


def test_old_words_that_a_browser_still_sends_change_nothing(sample) -> None:
    """After a switch of language the browser may name the option by its former words."""
    app = sample(clip_norm="none")
    app.segmented_control(key="language").set_value("zh").run()
    before = seen(app), address(app)
    states = app._tree.get_widget_states()
    for state in states.widgets:
        if state.id.endswith("-sample-text"):
            state.string_value = "Tidy generated code"
        if state.id.endswith("-sample-cell"):
            state.string_value = "Elman RNN (old)"
        if state.id.endswith("-sample-optimiser"):
            state.string_array_value.data[:] = ["Adam (old)"]
    app._run(states)
    assert (seen(app), address(app)) == before


def test_a_preset_sets_several_at_once(sample) -> None:
    app = sample(cell="gru")
    assert app.pills(key="sample-preset").value is None
    app.pills(key="sample-preset").set_value("steep").run()
    spec = seen(app)[0]
    assert (spec.cell, spec.optimiser, spec.learning_rate, spec.clip_norm) == ("lstm", "sgd", 1.0, None)
    assert address(app) == {"optimiser": "sgd", "learning_rate": "1", "clip_norm": "none"}
    app.pills(key="sample-preset").set_value("small").run()
    assert address(app) == {}


def test_a_page_remembers_its_settings_and_keeps_them_to_itself(sample) -> None:
    from dashboard.shell import navigation

    app = sample(cell="gru", lang="zh")
    app.query_params.clear()  # as the browser does on its way to another page
    app.switch_page(str(navigation.PAGES / "other" / "page.py")).run()
    assert seen(app)[0].cell == "lstm"
    app.run()  # the browser has put the rest there meanwhile
    assert address(app) == {"lang": "zh"}
    app.query_params.clear()
    app.switch_page(str(navigation.PAGES / "sample" / "page.py")).run()
    assert seen(app)[0].cell == "gru"
    app.run()
    assert address(app) == {"cell": "gru", "lang": "zh"}


def test_a_link_from_another_page_decides_all(sample) -> None:
    from dashboard.shell import navigation

    app = sample(cell="gru")
    app.query_params.clear()
    app.query_params["hidden_size"] = "16"
    app.switch_page(str(navigation.PAGES / "other" / "page.py")).run()
    assert (seen(app)[0].cell, seen(app)[0].hidden_size) == ("lstm", 16)


def test_a_link_to_an_own_text(sample) -> None:
    name = own.keep(own.parse("a line of one's own\n" * 30))
    app = sample(text=name)
    assert seen(app)[0].option("text") == name
    assert lines(app) == []
    assert app.button(key="sample-train").disabled is False


def test_a_link_to_an_own_text_that_is_not_here(sample) -> None:
    app = sample(text="own-" + "0" * 32)
    assert seen(app)[0].option("text") == "own-" + "0" * 32
    assert "not kept on this machine" in lines(app)[0]
    assert app.button(key="sample-train").disabled


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("", "no text yet"),
        ("too short", "9 characters"),
        ("a" * 500, "one repeated character"),
        ("a\x01b" * 200, "control character"),
    ],
)
def test_an_unusable_text_is_refused_in_words(pasted: str, words: str, sample) -> None:
    app = sample()
    app.session_state["sample-own-paste"] = pasted
    app.run()
    app.button(key="sample-own-use").click().run()
    assert not app.exception
    assert words in app.error[0].value
    assert seen(app)[0].option("text") == "tidy_code"


def test_a_pasted_text_is_taken_as_it_is(sample) -> None:
    pasted = "<b>$x^2$</b> **not bold** العربية é 中文 {braces} [link](javascript:alert(1))\n" * 5
    app = sample()
    app.text_area(key="sample-own-paste").set_value(pasted).run()
    app.button(key="sample-own-use").click().run()
    name = seen(app)[0].option("text")
    assert own.load(name) == pasted
    assert address(app) == {"text": name}
    assert name in app.selectbox(key="sample-text").proto.options or any(
        name.removeprefix("own-")[:4] in option for option in app.selectbox(key="sample-text").options
    )


def test_a_pasted_text_is_still_there_when_the_reader_comes_back(sample) -> None:
    from dashboard.shell import navigation

    app = sample()
    app.text_area(key="sample-own-paste").set_value("too short").run()
    app.button(key="sample-own-use").click().run()
    app.switch_page(str(navigation.PAGES / "other" / "page.py")).run()
    app.switch_page(str(navigation.PAGES / "sample" / "page.py")).run()
    assert app.text_area(key="sample-own-paste").value == "too short"
    assert "9 characters" in app.error[0].value
    app.text_area(key="sample-own-paste").set_value("").run()
    assert app.text_area(key="sample-own-paste").value == ""


def test_only_what_goes_with_the_first_change_is_drawn_away_by_it(sample) -> None:
    """A text that is not here stays so: no part of the page has to draw all of it to say that."""
    missing = {"text": "own-" + "0" * 32}
    for query, goes in ((missing, False), (missing | {"seed": "-1"}, True), ({"lang": "tlh"}, True), ({}, False)):
        app = sample(**query)
        assert bool(lines(app)) == bool(query)
        assert app.session_state["told"] is goes


def test_of_a_text_that_is_too_long_the_beginning_is_read_and_said(sample) -> None:
    app = sample()
    app.text_area("sample-words").set_value("x" * 41).run()
    assert seen(app)[1:][-1] == "x" * 40
    assert [one.value for one in app.warning] == [label("controls.cut", characters=41, longest=40)]
    app.text_area("sample-words").set_value("short").run()
    assert not app.warning
