"""Embedding: the model, its weights and its batches."""
