"""Measure answers on judged questions and conversations: `make bench-answers`."""
