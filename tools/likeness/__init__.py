"""Where the parameters of `index.space.likeness` come from: lessons of WordNet, and training."""
