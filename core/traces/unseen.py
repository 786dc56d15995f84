"""Text that a run was not trained on."""

from core.runs.run import Run
from core.tasks.characters import Characters


def unseen(run: Run, longest: int, *, last: bool = False) -> str:
    """Return whole lines from the first or the last ``longest`` characters of the held-out text.

    If there is no whole line among them, all these characters are returned. A unit that was chosen on the first is best
    tested on the last: unless the held-out text is short, they had no part in the choice.

    Raises
    ------
    core.texts.TextUnavailable
        If the text is not available here.
    """
    task = Characters(text=run.spec.option("text"), length=run.spec.option("length"))
    text = task.held_out_text[-longest:] if last else task.held_out_text[:longest]
    return text[text.find("\n") + 1 : text.rfind("\n") + 1] or text
