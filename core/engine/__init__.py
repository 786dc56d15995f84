"""Who trains, and where: a queue in front of an engine."""
