"""What a reader takes home is one click away."""

from pathlib import Path

from streamlit.testing.v1 import AppTest


def test_there_is_a_button_for_each(home: Path) -> None:
    def page() -> None:
        import streamlit as st

        from core.media import Symbols
        from core.runs.run import Run
        from core.spec import RunSpec
        from dashboard.experiment import export

        st.session_state["page"] = "home"
        symbols = Symbols(("a", "b"))
        export.downloads(Run(RunSpec(), "finished", symbols, symbols, {}, {}, {}, {}))

    app = AppTest.from_function(page).run()
    assert not app.exception
    helps = [button.proto.help for button in app.get("download_button")]
    assert len(helps) == 4
    assert [bool(said) for said in helps] == [False, False, False, True]
    assert "--weights" in helps[-1]
