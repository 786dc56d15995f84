"""Who trains, where, and where results stay: a queue in front of an engine, and a store that both believe."""
