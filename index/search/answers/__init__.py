"""Answer questions in the entries' own sentences."""
