"""Fitting of the parameters of reading (see `index.search.answers.parameters`)."""
