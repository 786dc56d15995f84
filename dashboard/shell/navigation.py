"""The pages, found rather than listed: each folder in ``dashboard/app_pages`` with a ``page.py`` is a page.

``page.py`` declares the page's place in its first lines, as a literal that is read without running the page::

    LESSON = {"order": 40, "icon": ":material/grid_on:"}

A page is named like its folder. Its words are ``nav``, ``title`` and ``question`` in
``assets/labels/<language>/<page>.toml``. Its address is its name with hyphens. The page with the lowest order comes
first and lives at the bare address.
"""

import ast
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.shell.words import label

PAGES = Path(__file__).parents[1] / "app_pages"


@dataclass(frozen=True)
class Lesson:
    """One page: its name, its place among the others, its icon."""

    name: str
    order: int
    icon: str

    @property
    def path(self) -> Path:
        """The file that holds its layout."""
        return PAGES / self.name / "page.py"

    @property
    def address(self) -> str:
        """Its path in the browser's address."""
        return self.name.replace("_", "-")


@lru_cache(maxsize=1)
def lessons() -> tuple[Lesson, ...]:
    """Return all pages in the order of the navigation.

    Raises
    ------
    ValueError
        If a page does not declare ``LESSON``.
    """
    found = [_declared(path) for path in PAGES.glob("*/page.py")]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def pages() -> dict[str, StreamlitPage]:
    """Return Streamlit's page of each lesson by its name, with a title in the reader's language."""
    first = lessons()[0]
    return {
        one.name: st.Page(
            one.path, title=label(f"{one.name}.nav"), icon=one.icon, url_path=one.address, default=one is first
        )
        for one in lessons()
    }


def _declared(path: Path) -> Lesson:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="LESSON")], value=value):
                declared = ast.literal_eval(value)
                return Lesson(name=path.parent.name, order=int(declared["order"]), icon=str(declared["icon"]))
    raise ValueError(f'{path.parent.name}/{path.name} declares no LESSON = {{"order": ..., "icon": ...}}')
