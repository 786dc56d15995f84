"""How often is a detector found where there is none?  python -m benchmarks.studies.nulls --searches 200

Prints two tables. *Synthetic*: 64 units of autoregressive noise that forget over so many characters are searched for
binary labels that know nothing of them and stay for about as long. *Texts*: a network that is saved with the project
reads one generated text, with the labels of another one. Where nothing is to be found, the strongest unit should be
above the strongest of any unit in 99 of 100 shuffles in 2 of 100 searches (there are only a hundred shuffles), and the
unit that was chosen on the first half in fewer.

"blocks" shuffles blocks of 205 characters, "moved" is what the finder does: all labels are moved along, every second
time backwards.
"""

import argparse
from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np
import xarray
from scipy.signal import lfilter

from core import store
from core.concepts import Kind, Labels, about, labelled
from core.spec.presets import PRESETS
from core.texts import texts
from core.units import finder
from core.units.blocks import shifts
from core.units.finder import Search, strengths
from core.units.readable import SCORE
from core.units.states import states

CHARACTERS = 20_000
UNITS = 64
MEMORIES = (5, 20, 50, 100, 200, 500)
"""Characters over which a unit forgets all but 1/e of what it holds, and labels stay on average."""

CONCEPTS = ("indentation", "inside_string", "inside_comment", "bracket_depth", "inside_keyword", "inside_number")

BLOCK = 205
"""Characters of a block that stays together: five lines of the synthetic text."""

Shuffle = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]


def in_blocks(labels: np.ndarray, draws: int, generator: np.random.Generator) -> np.ndarray:
    parts = np.split(labels, range(BLOCK, len(labels), BLOCK))
    orders = (generator.permutation(len(parts)) for _ in range(draws))
    return np.stack([np.concatenate([parts[one] for one in order]) for order in orders])


SHUFFLES: dict[str, Shuffle] = {"blocks": in_blocks, "moved": shifts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--searches", type=int, default=200, help="for each row of the first table")
    searches = parser.parse_args().searches
    print("| units and labels | searches | shuffled | chosen unit above the bar | strongest unit above it |")
    print("|---|---|---|---|---|", flush=True)
    for memory in MEMORIES:
        told = [synthetic(memory, seed) for seed in range(searches)]
        _print(f"synthetic, memory of {memory} characters", told)
    _print("saved LSTM, labels of another text", list(real()))


def synthetic(memory: int, seed: int) -> dict[str, tuple[bool, bool]]:
    """One search, with either kind of shuffle: whether the found unit, and the strongest, is above its bar."""
    generator = np.random.default_rng((memory, seed))
    stay = np.exp(-1 / memory)
    units = _walks(generator, UNITS, stay).astype(np.float32)[None, None]
    known = (_walks(generator, 1, stay)[0] > 0).astype(np.float64)
    text = ("word " * 8 + "\n") * (CHARACTERS // 41 + 1)
    read = xarray.DataArray(units, {"state": ["a"]}, ("state", "layer", "unit", "time"))
    return _searched(text[:CHARACTERS], read, Labels(known, np.ones(CHARACTERS, dtype=bool)), Kind.BINARY, seed)


def real() -> Iterator[dict[str, tuple[bool, bool]]]:
    """Pairs of eight texts: the network reads one, the labels are those of another."""
    run = store.load(PRESETS["hidden_units"][0].key)
    read = [texts["tidy_code"](CHARACTERS, seed)[:CHARACTERS] for seed in range(100, 108)]
    for place, text in enumerate(read):
        held = states(run, text)
        for other in (read[place - 1], read[place - 2]):
            for name in CONCEPTS:
                length = min(len(text), len(other))
                labels = labelled(name, other[:length])
                yield _searched(text[:length], held[..., :length], labels, about(name).kind, place)


def _searched(text: str, read: xarray.DataArray, labels: Labels, kind: Kind, seed: int) -> dict[str, tuple[bool, bool]]:
    told = {}
    for name, shuffle in SHUFFLES.items():
        with patch.object(finder, "shifts", shuffle):
            finding = Search(text, read, read, seed).find(labels, kind, probes=False)
        if finding.found is not None:
            strongest = strengths(finding.found.scores[SCORE[kind]].to_numpy(), kind).max()
            told[name] = finding.strength > finding.chance, bool(strongest > finding.chance)
    return told


def _walks(generator: np.random.Generator, count: int, stay: float) -> np.ndarray:
    """x_t = stay x_(t-1) + e_t."""
    noise = generator.normal(size=(count, CHARACTERS + 3_000))
    return np.asarray(lfilter([1], [1, -stay], noise, axis=1)[:, 3_000:])


def _print(what: str, told: list[dict[str, tuple[bool, bool]]]) -> None:
    for name in SHUFFLES:
        seen = np.array([one[name] for one in told if name in one])
        if len(seen):
            found, strongest = seen.sum(axis=0)
            print(f"| {what} | {len(seen)} | {name} | {found} | {strongest} |", flush=True)


if __name__ == "__main__":
    main()
