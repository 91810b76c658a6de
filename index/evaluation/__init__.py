"""Measure Nearsay against baselines."""
