"""Measurements that take many minutes; their tables stand in docs/decisions."""
