"""Recurrent networks that can be trained, unrolled and looked into; usable without the dashboard."""
