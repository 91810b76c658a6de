"""Text to vectors: the model, its weights, its batches."""
