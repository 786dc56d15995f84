"""Sentences about a race, computed from its runs."""

from collections.abc import Sequence
from typing import Any

from core.measures.race import (
    CALM,
    RACE_DIGITS,
    Behaviour,
    Summary,
    lead,
)
from core.spec import RunSpec
from dashboard.app_pages.race.competition import Race
from dashboard.shell import titles
from dashboard.shell.words import label


def title(race: Race) -> str:
    """Say in one line what the chart shows: who oscillates, who falls, who leads."""
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
    together = next((kind for kind in CALM if len(found[kind]) == len(race.summaries) > 1), None)
    if together:
        ahead = lead(race.summaries)
        all_do = label(f"race.title_all_{together}")
        if not ahead.clear:
            return label("race.title_all_level", all_do=all_do)
        after = max(one.updates for one in race.summaries.values())
        return label("race.title_all_lead", all_do=all_do, leader=titles.option("cell", str(ahead.leader)), after=after)
    return label("race.clause").join(
        label(f"race.title_{kind}{'_many' if len(names) > 1 else ''}", names=listed(names))
        for kind, names in found.items()
        if names
    )


def headline(race: Race) -> str:
    """Return the title with a capital first letter, as a heading of its own."""
    words = title(race)
    return words[0].upper() + words[1:]


def verdict(race: Race) -> list[str]:
    """Return one sentence for each competitor, and one about the lead if there are several."""
    sentences = [_sentence(cell, one) for cell, one in race.summaries.items()]
    ahead = lead(race.summaries)
    if len(race.summaries) > 1 and not _is_undecided(race):
        kind = "none" if not ahead.leader else "only" if not ahead.runner_up else "clear" if ahead.clear else "level"
        names = {
            "leader": titles.option("cell", ahead.leader) if ahead.leader else "",
            "runner_up": titles.option("cell", ahead.runner_up) if ahead.runner_up else "",
        }
        seeds = "_seeds" if kind in ("clear", "level") and any(one.seeds > 1 for one in race.summaries.values()) else ""
        after = max(one.updates for one in race.summaries.values())
        same = kind == "level" and round(ahead.gap, RACE_DIGITS) == 0
        words = "race.lead_same" if same else f"race.lead_{kind}{seeds}"
        sentences.append(label(words, gap=ahead.gap, after=after, **names))
    return sentences


def answer(race: Race, guessed: str) -> str:
    """Compare the guess with what was measured; with too few updates nothing is."""
    if _is_undecided(race):
        return label("race.answer_untold", said=label(f"race.guess_{guessed}"))
    restless = (Behaviour.OSCILLATES, Behaviour.DIVERGES)
    found = [cell for cell, one in race.summaries.items() if one.behaviour in restless]
    true = "none" if not found else found[0] if len(found) == 1 else "several"
    measured = listed(found) if found else label("race.guess_none")
    kind = "right" if guessed == true else "wrong"
    return label(f"race.answer_{kind}", said=label(f"race.guess_{guessed}"), measured=measured)


def settings_line(specs: Sequence[RunSpec]) -> str:
    """Return the settings that all competitors share, as one line."""
    spec, seeds = specs[0], sorted({one.seed for one in specs})
    clip = (
        label("race.clip_off") if spec.clip_norm is None else label("race.clip_on", norm=titles.number(spec.clip_norm))
    )
    return label(
        "race.settings",
        optimiser=titles.option("optimiser", spec.optimiser),
        rate=titles.number(spec.learning_rate),
        clip=clip,
        updates=spec.updates,
        seeds=label(
            "race.seeds_one" if len(seeds) == 1 else "race.seeds_many", count=len(seeds), first=seeds[0], last=seeds[-1]
        ),
    )


def listed(names: Sequence[str]) -> str:
    """List the competitors' names as part of a sentence."""
    words = [titles.option("cell", name) for name in names]
    if len(words) < 2:
        return "".join(words)
    return label("race.and", before=label("race.comma").join(words[:-1]), last=words[-1])


def _is_undecided(race: Race) -> bool:
    return any(one.behaviour is Behaviour.UNDECIDED for one in race.summaries.values())


def _sentence(cell: str, one: Summary) -> str:
    worse = one.final_level.median > one.first_level.median
    kind = f"{one.behaviour}_worse" if one.behaviour is Behaviour.OSCILLATES and worse else str(one.behaviour)
    level = {"median": one.final_level.median, "low": one.final_level.low, "high": one.final_level.high}
    values: dict[str, Any] = {
        "name": titles.option("cell", cell),
        "level": label("race.level_range" if one.seeds > 1 else "race.level", **level),
        "first": one.first_level.median,
        "climbs": one.climbs.median,
        "swings": one.swings.median,
        "updates": one.updates,
        "at": one.diverged_at,
    }
    sentence = label(f"race.verdict_{kind}", **values)
    if one.share < 1:
        sentence += " " + label("race.verdict_share", count=round(one.share * one.seeds), seeds=one.seeds)
    if one.by_heart > 0.5:
        held_out = {"lowest": one.held_out_lowest.median, "held_out": one.held_out.median}
        sentence += " " + label("race.verdict_by_heart", **held_out)
    return sentence
