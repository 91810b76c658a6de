"""Measurements for reading, not tests."""
