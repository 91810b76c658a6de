"""Embed texts: the model, its weights, and batching."""
