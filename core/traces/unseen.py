"""Text that a run was not trained on."""

from core.runs.run import Run
from core.tasks.characters import Characters


def unseen(run: Run, longest: int, *, last: bool = False) -> str:
    """Return whole lines from the first or the last ``longest`` characters of what was held out.

    Characters without lines are returned as they stand. What is chosen on the first is best tried on the last, which
    had no part in the choice.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be had here.
    """
    task = Characters(text=run.spec.option("text"), length=run.spec.option("length"))
    text = task.held_out_text[-longest:] if last else task.held_out_text[:longest]
    return text[text.find("\n") + 1 : text.rfind("\n") + 1] or text
