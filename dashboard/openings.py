"""What the pages open with, saved with the app: ``python -m dashboard.openings``.

Each first screen is opened as a reader opens it. The looks that it asks for are computed, and kept in assets/looks for
runs that are saved with the app too. A class that opens a link together then waits for no worker.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.looks import saved
from core.looks.saved import Answered, SavedAnswers
from core.spec.presets import CELLS
from core.store import saved as saved_runs

APP = Path(__file__).parents[1] / "streamlit_app.py"
VIEWS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("home", {}),
    *(("unrolled", {"pattern": pattern, "cell": cell}) for pattern in (
        "many_to_many", "many_to_one", "one_to_many", "series", "sequence_to_sequence"
    ) for cell in CELLS),
    *(("gates", {"view": view}) for view in ("lstm", "gru", "both")),
    ("hidden_units", {}),
    ("hidden_units", {"searched": "yes"}),
    ("race", {}),
)  # fmt: skip
"""Pages, and what is chosen on them: how each opens, and what a reader sees after one press."""


class Making(SavedAnswers):
    """Answers that are computed when they are asked for, and then kept."""

    def found(
        self, look: Callable[..., Any], arguments: tuple[Any, ...], options: Mapping[str, Any]
    ) -> Answered | None:
        """Return the answer of ``look``, computed here; None if its run is not one that comes with the app."""
        from core.looks.codec import encode

        if not saved_runs().has(arguments[0].spec.key):
            return None
        path = self.path(look, arguments, options)
        answer = look.here(*arguments, **options)  # type: ignore[attr-defined]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(answer))
        return Answered(answer)


def opened(languages: Sequence[str] = ("en", "zh")) -> Iterator[Any]:
    """Open each view in each language, and give the page as Streamlit's test runner sees it."""
    from streamlit.testing.v1 import AppTest

    from dashboard.shell import navigation

    for language in languages:
        for page, chosen in VIEWS:
            app = AppTest.from_file(str(APP), default_timeout=120)
            app.query_params["lang"] = language
            app.run()
            app.query_params.update(chosen)
            yield app.switch_page(str(navigation.PAGES / page / "page.py")).run()


def main() -> None:
    """Make all saved answers again."""
    os.environ["UNROLLED_LOOK"] = "app"
    shutil.rmtree(saved.DIRECTORY, ignore_errors=True)
    saved.answers = Making()
    for app in opened():
        if app.exception:
            raise RuntimeError(app.exception[0].message)
    files = list(saved.DIRECTORY.rglob("*.safetensors"))
    print(f"{len(files)} answers, {sum(file.stat().st_size for file in files) / 10**6:.1f} MB")


if __name__ == "__main__":
    main()
