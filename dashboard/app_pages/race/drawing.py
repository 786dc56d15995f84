"""The race as a figure."""

from collections.abc import Sequence

from core.cells import cells
from dashboard.app_pages.race.competition import Race
from dashboard.app_pages.race.sentences import verdict
from dashboard.app_pages.race.tables import history
from dashboard.figures import figure
from dashboard.figures.charts import race as charts
from dashboard.shell import titles
from dashboard.shell.words import label


def draw_race(
    race: Race, *, name: str, title: str, height: int, beside: Sequence[Race] = (), table: bool = True
) -> None:
    """Draw the race as a figure. The races ``beside`` it share its axes."""
    races = (race, *beside)
    everyone = [one for some in races for one in some.outlines]
    norms = [some.clip_norm for some in races if some.clip_norm]
    axes = charts.Axes.around(everyone, race.updates, norms[0] if norms else None, height)
    words = {one: label(f"race.{one}") for one in ("loss", "gradient_norm", "update", "updates", "blind")}
    words |= {"clip_norm": label("race.clip_norm_line")} | {one: titles.option("cell", one) for one in race.cells}
    # Streamlit redraws a chart when its alternative text changes, so that names no results until the race has ended.
    told = label("race.chart_alt", updates=race.updates)
    if race.summaries:
        told = " ".join([told, f"{title}.", *verdict(race)]).replace("**", "")
    figure.show(
        lambda: charts.Drawing(cells.names(), height),
        name=name,
        decided_by=(cells.names(), height),
        title=title,
        alt=told,
        data=lambda: charts.race_tables(
            axes,
            race.outlines,
            race.curves,
            words=words,
            clip_norm=race.clip_norm,
            blind=race.blind,
            levels=race.levels,
        ),
        data_decided_by=(tuple(one.mark for one in races), height),
        table=(lambda: history(race)) if table else None,
    )
