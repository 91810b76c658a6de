"""Search a generation of the index: neighbours, entries, lists, answers, explorations.

Functions that take an embedder raise `ModelMismatch` if another model built the index.
"""
