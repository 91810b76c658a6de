"""Benchmarks of retrieval and answers on folders in BEIR layout."""
