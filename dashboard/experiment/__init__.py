"""One experiment: its settings, its training, its result, looks inside it, and its provenance."""
