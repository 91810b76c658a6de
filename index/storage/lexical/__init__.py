"""Words of entries: BM25 and latent semantic analysis."""
