"""Explore the embedding space: comparisons, paths, maps, shifts and walks."""
