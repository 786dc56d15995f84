"""What the race page says and draws of a race: computed from its runs, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.cells import cells
from core.choices.allowed import Choices
from core.measures.race import (
    Behaviour,
    Curve,
    Outline,
    Spread,
    Summary,
    bits,
    judge,
    lead,
    outline,
    summarise,
)
from core.runs.run import Run
from core.spec import RunSpec
from dashboard import address, controls, figure, live
from dashboard.charts import race as charts
from dashboard.words import label, labelled

TOGETHER = "-"
"""Between the competitors' names in the address."""


@dataclass(frozen=True)
class Race:
    """The runs of one experiment, as far as they have come; summaries only once all have ended.

    unfinished : the cells that have not been trained to the end, while nothing trains
    trained : how many of the runs have been
    levels : by cell, the final level of those runs, where no more of them are under way
    """

    specs: tuple[RunSpec, ...]
    curves: tuple[Curve, ...]
    outlines: tuple[Outline, ...]
    summaries: Mapping[str, Summary]
    blind: float | None
    unfinished: tuple[str, ...] = ()
    trained: int = 0
    levels: Mapping[str, float] = field(default_factory=dict)

    @property
    def updates(self) -> int:
        return max(spec.updates for spec in self.specs)

    @property
    def clip_norm(self) -> float | None:
        return self.specs[0].clip_norm

    @property
    def cells(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(spec.cell for spec in self.specs))


def competitors(first: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
    """The cells that race, of all that there are, in any number; they stand in the address.

    first : the order in which they are offered; cells that are not among them come after
    """
    known = list(dict.fromkeys((*first, *cells.names())))
    sets = [TOGETHER.join(some) for count in range(1, len(known) + 1) for some in combinations(known, count)]
    allowed = Choices(lambda: tuple(sets))
    current = str(address.value("cells", TOGETHER.join(default), allowed, fallback=listed(default)))
    chosen = current.split(TOGETHER)
    key = address.seed("cells", chosen)

    def take() -> None:
        picked = set(st.session_state[key])
        if picked:
            address.change({"cells": TOGETHER.join(name for name in known if name in picked)})

    words = {name: controls.option("cell", name) for name in known}.__getitem__
    st.pills(label("race.cells"), known, selection_mode="multi", wrap=True, format_func=words, key=key, on_change=take)
    return tuple(chosen)


def forget_guess_of(specs: Sequence[RunSpec]) -> None:
    """A guess is about one experiment, whatever its seeds: drop it when the reader has set up another."""
    key = f"{address.page()}-guessed"
    asked = TOGETHER.join(sorted({spec.replace(seed=0).key for spec in specs}))
    if st.session_state.setdefault(key, asked) != asked:
        st.session_state[key] = asked
        address.change({"guess": ""}, {"guess": ""})


def guesses(names: Sequence[str]) -> tuple[str, ...]:
    """What can be answered to the question which of these will oscillate."""
    own = tuple(name for name in names if labelled(f"race.guess_{name}"))
    return (*own, *(("several",) if len(names) > 1 else ()), "none")


def finished_race(specs: Sequence[RunSpec]) -> Race | None:
    """The race of these experiments if all of them have ended."""
    runs = [live.finished(spec) for spec in specs]
    return _finished(tuple(specs)) if runs and all(runs) else None


@lru_cache(maxsize=32)
def _finished(specs: tuple[RunSpec, ...]) -> Race | None:
    runs = [live.finished(spec) for spec in specs]
    curves = tuple(_curve(run) for run in runs if run)
    summaries = _summaries(curves)
    return Race(
        specs=specs,
        curves=curves,
        outlines=_outlines(specs, curves),
        summaries=summaries,
        blind=_blind([run for run in runs if run]),
        trained=len(curves),
        levels=_levels(summaries),
    )


def growing_race(watched: Sequence[live.Watched], like: Race | None = None) -> Race:
    """The race as it stands; ``like`` has the same text, and knows how many symbols it has."""
    specs = tuple(one.spec for one in watched)
    curves = tuple(
        _curve(one.run)
        if one.run
        else Curve.of(one.spec.cell, one.spec.seed, one.loss, one.gradient_norm, one.clipped, update=one.update)
        for one in watched
    )
    alike = like is not None and like.specs[0].options == specs[0].options
    blind = _blind([one.run for one in watched if one.run]) or (like.blind if like and alike else None)
    going = {one.spec.cell for one in watched if one.goes}
    unfinished = _names([one.spec for one in watched if not going and one.run is None])
    ended = [curve for curve, one in zip(curves, watched, strict=True) if one.run]
    levels = _levels(_summaries([curve for curve in ended if curve.cell not in going]))
    return Race(specs, curves, _outlines(specs, curves), {}, blind, unfinished, len(ended), levels)


def draw_race(
    race: Race, *, name: str, title: str, height: int, beside: Sequence[Race] = (), table: bool = True
) -> None:
    """The race as a figure; races ``beside`` it are drawn on the same axes."""
    races = (race, *beside)
    everyone = [one for some in races for one in some.outlines]
    norms = [some.clip_norm for some in races if some.clip_norm]
    at_rest = all(some.summaries for some in races) or not any(one.update.size for one in everyone)
    axes = charts.Axes.around(everyone, race.updates, norms[0] if norms else None, height)
    words = {one: label(f"race.{one}") for one in ("loss", "gradient_norm", "update", "updates", "blind")}
    words |= {"clip_norm": label("race.clip_norm_line")} | {one: controls.option("cell", one) for one in race.cells}
    # Streamlit draws a chart anew when its words change, so nothing that grows is mentioned until it has ended.
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
        data_decided_by=(tuple((one.specs, bool(one.summaries)) for one in races), height) if at_rest else None,
        table=(lambda: history(race)) if table else None,
    )


def settings_line(specs: Sequence[RunSpec]) -> str:
    """Everything that is the same for all competitors."""
    spec, seeds = specs[0], sorted({one.seed for one in specs})
    clip = (
        label("race.clip_off")
        if spec.clip_norm is None
        else label("race.clip_on", norm=controls.number(spec.clip_norm))
    )
    return label(
        "race.settings",
        optimiser=controls.option("optimiser", spec.optimiser),
        rate=controls.number(spec.learning_rate),
        clip=clip,
        updates=spec.updates,
        seeds=label(
            "race.seeds_one" if len(seeds) == 1 else "race.seeds_many", count=len(seeds), first=seeds[0], last=seeds[-1]
        ),
    )


def title(race: Race) -> str:
    """What is seen, in one line: who oscillates, who converges, who leads."""
    if not race.summaries:
        started = [one.cell for one in race.outlines if one.update.size]
        if not started:
            return label("race.waiting")
        if race.unfinished and race.trained and len(race.curves) > len(race.cells):
            return label("race.partly", done=race.trained, count=len(race.curves))
        if race.unfinished:
            return label("race.unfinished", names=listed(race.unfinished))
        return label("race.under_way", names=listed(started))
    found = {kind: [cell for cell, one in race.summaries.items() if one.behaviour is kind] for kind in Behaviour}
    if len(race.summaries) > 1 and len(found[Behaviour.CONVERGES]) == len(race.summaries):
        ahead = lead(race.summaries)
        if not ahead.clear:
            return label("race.title_all_level")
        return label("race.title_all_lead", leader=controls.option("cell", str(ahead.leader)))
    return label("race.clause").join(
        label(f"race.title_{kind}{'_many' if len(names) > 1 else ''}", names=listed(names))
        for kind, names in found.items()
        if names
    )


def headline(race: Race) -> str:
    """The title where it stands alone."""
    words = title(race)
    return words[0].upper() + words[1:]


def verdict(race: Race) -> list[str]:
    """Sentences, one per competitor and one about the lead."""
    sentences = [_sentence(cell, one) for cell, one in race.summaries.items()]
    ahead = lead(race.summaries)
    if len(race.summaries) > 1:
        kind = "none" if not ahead.leader else "only" if not ahead.runner_up else "clear" if ahead.clear else "level"
        names = {
            "leader": controls.option("cell", ahead.leader) if ahead.leader else "",
            "runner_up": controls.option("cell", ahead.runner_up) if ahead.runner_up else "",
        }
        seeds = "_seeds" if kind in ("clear", "level") and any(one.seeds > 1 for one in race.summaries.values()) else ""
        sentences.append(label(f"race.lead_{kind}{seeds}", gap=ahead.gap, **names))
    return sentences


def answer(race: Race, guessed: str) -> str:
    """The guess beside what was measured."""
    restless = (Behaviour.OSCILLATES, Behaviour.DIVERGES)
    found = [cell for cell, one in race.summaries.items() if one.behaviour in restless]
    true = "none" if not found else found[0] if len(found) == 1 else "several"
    measured = listed(found) if found else label("race.guess_none")
    kind = "right" if guessed == true else "wrong"
    return label(f"race.answer_{kind}", said=label(f"race.guess_{guessed}"), measured=measured)


def verdict_table(race: Race) -> pd.DataFrame:
    """The verdict numbers, one column per competitor: so the table fits a phone."""

    def spread(one: Spread, digits: str) -> str:
        median, low, high = (format(value, digits) for value in (one.median, one.low, one.high))
        return median if low == high else f"{median} ({low}–{high})"

    return pd.DataFrame(
        {
            controls.option("cell", cell): {
                label("race.table_behaviour"): label(f"race.behaviour_{one.behaviour}"),
                label("race.table_first"): spread(one.first_level, ".2f"),
                label("race.table_level"): spread(one.final_level, ".2f"),
                label("race.table_deviation"): spread(one.step_deviation, ".2f"),
                label("race.table_jumps"): spread(one.upward_jumps, ".0f"),
                label("race.table_clipped"): spread(one.clip_share, ".0%"),
            }
            for cell, one in race.summaries.items()
        }
    )


def history(race: Race) -> pd.DataFrame:
    """Every update of every run: loss in nats and in bits, gradient norm, whether it was clipped."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "cell": curve.cell,
                    "seed": curve.seed,
                    "update": curve.update,
                    "loss_nats": curve.loss,
                    "loss_bits": bits(curve.loss),
                    "gradient_norm": curve.gradient_norm,
                    "clipped": curve.clipped.astype(bool),
                }
            )
            for curve in race.curves
        ],
        ignore_index=True,
    )


def listed(names: Sequence[str]) -> str:
    """The competitors' names in a sentence."""
    words = [controls.option("cell", name) for name in names]
    if len(words) < 2:
        return "".join(words)
    return label("race.and", before=label("race.comma").join(words[:-1]), last=words[-1])


def _sentence(cell: str, one: Summary) -> str:
    worse = one.final_level.median > one.first_level.median
    kind = f"{one.behaviour}_worse" if one.behaviour is Behaviour.OSCILLATES and worse else str(one.behaviour)
    level = {"median": one.final_level.median, "low": one.final_level.low, "high": one.final_level.high}
    values: dict[str, Any] = {
        "name": controls.option("cell", cell),
        "level": label("race.level_range" if one.seeds > 1 else "race.level", **level),
        "first": one.first_level.median,
        "jumps": one.upward_jumps.median,
        "updates": one.updates,
        "at": one.diverged_at,
    }
    sentence = label(f"race.verdict_{kind}", **values)
    if one.share < 1:
        sentence += " " + label("race.verdict_share", count=round(one.share * one.seeds), seeds=one.seeds)
    return sentence


def _names(specs: Sequence[RunSpec]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spec.cell for spec in specs))


def _curve(run: Run) -> Curve:
    curves = run.curves
    return Curve.of(
        run.spec.cell,
        run.spec.seed,
        curves["loss"],
        curves["gradient_norm"],
        curves["clipped"],
        diverged_at=run.diverged_at,
    )


def _summaries(curves: Sequence[Curve]) -> dict[str, Summary]:
    names = dict.fromkeys(curve.cell for curve in curves)
    return {name: summarise([judge(curve) for curve in curves if curve.cell == name]) for name in names}


def _levels(summaries: Mapping[str, Summary]) -> dict[str, float]:
    return {cell: one.final_level.median for cell, one in summaries.items()}


def _outlines(specs: Sequence[RunSpec], curves: Sequence[Curve]) -> tuple[Outline, ...]:
    updates = max(spec.updates for spec in specs)
    return tuple(outline([curve for curve in curves if curve.cell == cell], updates) for cell in _names(specs))


def _blind(runs: Sequence[Run]) -> float | None:
    """Bits per character of a guess in which every symbol is equally likely: log2 of their number."""
    return float(np.log2(len(runs[0].symbols))) if runs and runs[0].symbols else None
