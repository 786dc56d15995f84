"""One experiment: its settings, its training, its result, looks inside it, where it comes from."""
