"""Measurements that take many minutes. Their tables are in docs/decisions."""
