"""The `/latent` command: explore the embedding space."""
