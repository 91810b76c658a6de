"""What tests share: a deterministic embedder and small encyclopedias."""
