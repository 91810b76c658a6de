"""Lexical indexes of the entries: BM25 and latent semantic analysis."""
