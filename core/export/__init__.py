"""A run to take home: its settings, its curve, its weights, and a script that trains it without this project."""

from core.export import bundle, template
from core.export.records import history as history
from core.export.records import settings as settings
from core.export.records import weights as weights
from core.runs.run import Run


def script(run: Run) -> str:
    """Write a Python file that prints the losses of ``run``, update by update.

    The file needs no other file of this project. If a template knows every setting of the experiment, the file is
    written for reading. Otherwise it carries the modules that the experiment needs. The text that was learned is in the
    file, compressed.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be read here.
    """
    return template.program(run) if template.knows(run) else bundle.program(run)
