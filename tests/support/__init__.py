"""Helpers shared by tests: a deterministic embedder, small encyclopedias, servers."""
