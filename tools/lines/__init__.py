"""Training of `index.search.answers.moves`."""
