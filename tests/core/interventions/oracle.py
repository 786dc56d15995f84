"""The same cells once more in plain NumPy, a signal set by hand as soon as it has a value."""

from collections.abc import Callable

import numpy as np

from core.runs.run import Run

Set = Callable[[int, str, int, np.ndarray], np.ndarray]
"""What becomes of (layer, signal, time step, its value of each unit)."""


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def read(run: Run, index: np.ndarray, put: Set) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Every signal (layer, time, unit), and the scores (time, symbol), of a network reading ``index``."""
    weights = {name: values.astype(np.float64) for name, values in run.weights.items()}
    inputs = np.eye(len(run.symbols))[index]
    layers = []
    for layer in range(run.spec.layer_count):
        own = {name.removesuffix(f"_l{layer}"): values for name, values in weights.items() if f"_l{layer}" in name}
        hidden = cell = np.zeros(run.spec.hidden_size)
        steps = []
        for time, x in enumerate(inputs):

            def held(name: str, value: np.ndarray, layer: int = layer, time: int = time) -> np.ndarray:
                return put(layer, name, time, value)

            from_input = own["weight_ih"] @ x + own["bias_ih"]
            from_hidden = own["weight_hh"] @ hidden + own["bias_hh"]
            step = STEPS[run.spec.cell]
            signals, hidden, cell = step(own, from_input, from_hidden, hidden, cell, held)
            steps.append(signals)
        layers.append({name: np.array([step[name] for step in steps]) for name in steps[0]})
        inputs = layers[-1]["hidden_state"]
    signals = {name: np.array([one[name] for one in layers]) for name in layers[0]}
    return signals, inputs @ weights["readout.weight"].T + weights["readout.bias"]


def elman(_own, from_input, from_hidden, hidden, cell, held):
    h = held("hidden_state", np.tanh(from_input + from_hidden))
    return {"hidden_state": h}, h, cell


def lstm(_own, from_input, from_hidden, hidden, cell, held):
    i, f, g, o = np.split(from_input + from_hidden, 4)
    i, f = held("input_gate", sigmoid(i)), held("forget_gate", sigmoid(f))
    g, o = held("candidate", np.tanh(g)), held("output_gate", sigmoid(o))
    c = held("cell_state", f * cell + i * g)
    h = held("hidden_state", o * np.tanh(c))
    return (
        {"input_gate": i, "forget_gate": f, "candidate": g, "output_gate": o, "cell_state": c, "hidden_state": h},
        h,
        c,
    )


def gru(_own, from_input, from_hidden, hidden, cell, held):
    (x_r, x_z, x_n), (h_r, h_z, h_n) = np.split(from_input, 3), np.split(from_hidden, 3)
    r, z = held("reset_gate", sigmoid(x_r + h_r)), held("update_gate", sigmoid(x_z + h_z))
    n = held("candidate", np.tanh(x_n + r * h_n))
    h = held("hidden_state", (1 - z) * n + z * hidden)
    return {"reset_gate": r, "update_gate": z, "candidate": n, "hidden_state": h}, h, cell


def peephole_lstm(own, from_input, from_hidden, hidden, cell, held):
    i, f, g, o = np.split(from_input + from_hidden, 4)
    i = held("input_gate", sigmoid(i + own["peephole_input"] * cell))
    f = held("forget_gate", sigmoid(f + own["peephole_forget"] * cell))
    g = held("candidate", np.tanh(g))
    c = held("cell_state", f * cell + i * g)
    o = held("output_gate", sigmoid(o + own["peephole_output"] * c))
    h = held("hidden_state", o * np.tanh(c))
    return (
        {"input_gate": i, "forget_gate": f, "candidate": g, "cell_state": c, "output_gate": o, "hidden_state": h},
        h,
        c,
    )


STEPS = {"elman": elman, "lstm": lstm, "gru": gru, "peephole_lstm": peephole_lstm}
