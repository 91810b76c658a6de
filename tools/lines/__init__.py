"""Training of the classifiers of lines in `index.search.answers`."""
