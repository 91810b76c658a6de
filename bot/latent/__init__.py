"""The `/latent` command: what a line means, and how its replies are told."""
