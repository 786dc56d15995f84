"""A run to take home: its settings, its curve, its weights, and a script that trains it again.

Each file is made only when the reader asks for it.
"""

from collections.abc import Callable

import streamlit as st

from core.export import history as history
from core.export import script as script
from core.export import settings as settings
from core.export import weights as weights
from core.runs.run import Run
from core.texts import TextUnavailable
from dashboard.shell.words import label


def downloads(run: Run) -> None:
    """Draw a download button for each of the four files of a run."""
    offers: tuple[tuple[str, Callable[[], str | bytes], str, str], ...] = (
        ("settings", lambda: settings(run), ".json", "application/json"),
        ("history", lambda: history(run), ".csv", "text/csv"),
        ("weights", lambda: weights(run), ".safetensors", "application/octet-stream"),
        ("script", lambda: _script_or_reason(run), ".py", "text/x-python"),
    )
    with st.container(horizontal=True, gap="small"):
        for name, make, ending, mime in offers:
            st.download_button(
                label(f"export.{name}"),
                make,
                file_name=f"{run.spec.key[:12]}{ending}",
                mime=mime,
                key=f"{st.session_state['page']}-{run.spec.key}-{name}",
                on_click="ignore",
                icon=":material/download:",
                help=label("export.script_help") if name == "script" else None,
                type="tertiary",
            )


def _script_or_reason(run: Run) -> str:
    try:
        return script(run)
    except TextUnavailable as error:
        return f'raise SystemExit("There is no script for this run: {error}")\n'
