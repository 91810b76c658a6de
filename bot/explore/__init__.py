"""The `/latent` command."""
