"""Measure the quality of Nearsay, and compare it with baselines."""
