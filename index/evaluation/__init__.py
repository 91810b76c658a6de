"""Measure Nearsay beside what one would use without it."""
