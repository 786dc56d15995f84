"""A run to take home: its settings, its curve, its weights, and a script that trains it without this project."""

from core.export import bundle, template
from core.export.records import history as history
from core.export.records import settings as settings
from core.export.records import weights as weights
from core.runs.run import Run


def script(run: Run) -> str:
    """A Python file that prints, update by update, the losses of ``run``, and needs no other file of this project.

    It is written for reading where a template knows every setting of the experiment; anywhere else it carries the
    modules that the experiment needs. The text that was learned goes along in it, compressed.

    Raises core.texts.TextUnavailable if the text cannot be read here.
    """
    return template.program(run) if template.knows(run) else bundle.program(run)
