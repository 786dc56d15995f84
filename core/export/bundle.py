"""A script that carries the modules that its experiment needs, so that it works for any plug-in, future ones too."""

import math
from collections.abc import Iterator
from typing import Any

from core.choices.options import options
from core.choices.registry import Registry
from core.export.modules import Module, needed, packages
from core.export.records import elsewhere, instructions, last_scored, settings
from core.export.text import asset, filled, packed, part, quoted
from core.runs.run import Run
from core.spec import RunSpec
from core.spec.run_spec import PLUGINS
from core.texts import AboutText, about, own, texts

ROOTS = ("core.spec", "core.training")
"""What the script itself imports."""


def program(run: Run) -> str:
    """Write a Python file: settings, a short main, an import finder for modules in the file itself, and their sources.

    Raises
    ------
    core.texts.TextUnavailable
        If the text cannot be read here.
    """
    chosen = tuple(_chosen(run.spec))
    plugins = [f"{registry.package}.{name}" for registry, name in chosen if name in registry]
    stand_ins = _stand_ins(run.spec, [name for registry, name in chosen if registry is texts])
    modules = needed((*ROOTS, *plugins), stand_ins)
    summary = (
        f"It needs {' and '.join(packages(modules))}, and no other file. Behind this first page follow the modules of "
        "Unrolled (MIT licence) that the experiment uses, each as it stands there; only what reads a text is replaced "
        f"by the text itself. With the versions of THEN, on such a machine, every loss that this prints is that of "
        f"{run.spec.key}. {elsewhere(run)}"
    )
    return asset("bundle").substitute(
        name=run.spec.key[:12],
        summary=filled(summary),
        instructions=instructions(run),
        settings=quoted(settings(run)),
        then=_then(run),
        weights=part("weights"),
        files="\n\n".join(_block(one, one.name in stand_ins) for one in modules),
    )


def _chosen(spec: RunSpec) -> Iterator[tuple[Registry[Any], str]]:
    """Yield the registry and the name of each plug-in that the experiment names, in a field or in an option."""
    given = dict(spec.options)
    for kind, registry in PLUGINS.items():
        name = getattr(spec, kind)
        yield registry, name
        for option, (_, allowed) in options(registry[name]).items():
            owner = getattr(getattr(allowed, "names", None), "__self__", None)
            if isinstance(owner, Registry) and option in given:
                yield owner, str(given[option])


def _stand_ins(spec: RunSpec, names: list[str]) -> dict[str, str]:
    """Return modules that hold the characters of a text, in place of the modules that read or make it.

    Parameters
    ----------
    names
        The texts that the experiment uses. A task that reads one text has the part that it reads as ``corpus``. For any
        other task, a reader's own text is carried whole, and any other text is made again by its own module.
    """
    corpus = getattr(spec.build_task(), "corpus", None) if len(names) == 1 else None
    owned = [name for name in names if own.is_name(name)]
    kept = [f"    {name!r}: {_literal(corpus or own.load(name))},\n" for name in owned]
    found = {own.__name__: asset("own_text").substitute(about=_about(own.ABOUT), texts="".join(kept))}
    for name in names:
        if corpus and name not in owned:
            found[f"{texts.package}.{name}"] = asset("text").substitute(
                about=_about(about(name)), text=_literal(corpus)
            )
    return found


def _about(described: AboutText) -> str:
    concepts = described.concepts and f"Concepts({described.concepts.value!r})"
    return f"AboutText({concepts}, {described.source!r}, {described.licence!r}, {described.everywhere})"


def _literal(text: str) -> str:
    return '"""\n' + "\n".join(packed(text)) + '\n"""'


def _then(run: Run) -> str:
    """Return a dictionary as source, one entry a line: what came out of the training, and what it ran on."""
    ran_on = ("machine", "cpu_capability", "threads", "python", "torch", "numpy")
    made = {name: run.made[name] for name in ran_on if name in run.made}
    last = run.metrics.get("loss", math.nan)
    known = {"loss": last} if math.isfinite(last) else {}
    held_out = {name: value for name, value in run.held_out_scores.items() if math.isfinite(value)}
    scored = {"held_out_update": last_scored(run), "held_out": held_out}
    found = {"outcome": run.outcome, "updates": len(run.curves["loss"]), **known, **scored, **made}
    return "{\n" + "".join(f"    {name!r}: {value!r},\n" for name, value in found.items()) + "}"


def _block(module: Module, stands_in: bool) -> str:
    title = f"# {module.path}{', a stand-in' if stands_in else ''} "
    return f"{title:-<118}\n\nFILES[{module.path!r}] = {quoted(module.source)}"
