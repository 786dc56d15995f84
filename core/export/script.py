"""A Python file that trains a run again without this project."""

from core.export.embedded import embedded_script
from core.export.readable import is_known, readable_script
from core.runs.run import Run


def script(run: Run) -> str:
    """A file that needs torch and numpy alone and prints, update by update, the losses of ``run``.

    Where a script made for reading knows everything in the experiment, it is that one, of a hundred lines; else one
    that carries the source of what it needs. The text that was learned goes along in it, compressed.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be read here.
    """
    return readable_script(run) if is_known(run) else embedded_script(run)
