"""Plug-ins are found by their files, and imported only when asked for."""

import subprocess
import sys

import pytest

from core.cells import cells
from core.choices.registry import UnknownName


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(UnknownName, match=r"no cell named 'lstn'; choose from elman, gru, lstm"):
        cells["lstn"]


def test_naming_an_experiment_does_not_import_torch():
    code = (
        "import sys; from core.spec import RunSpec; from core.spec.presets import PRESETS;"
        "from core.runs.run import Run;"
        "RunSpec(cell='gru', task='adding').key; sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_cell_is_one_new_file(tmp_path, monkeypatch):
    import core.cells

    monkeypatch.setattr(core.cells, "__path__", [*core.cells.__path__, str(tmp_path)])
    (tmp_path / "nothing_new.py").write_text('"""Registers nothing."""\n')
    assert "nothing_new" in cells
    with pytest.raises(RuntimeError, match="registers no cell"):
        cells["nothing_new"]


def test_a_page_that_asks_for_names_a_hundred_times_looks_at_no_disk(monkeypatch):
    assert "gru" in cells
    monkeypatch.setattr("core.choices.registry.SECONDS_BETWEEN_LOOKS", 60)
    monkeypatch.setattr("pathlib.Path.stat", lambda _: pytest.fail("a look at the disk lets another thread go first"))
    for _ in range(100):
        assert cells["gru"] is cells["gru"]
        assert "gru" in cells.names()
