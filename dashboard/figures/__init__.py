"""Figures with title, caption, alternative text and table, and worked equations."""
