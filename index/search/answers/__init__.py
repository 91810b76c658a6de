"""Answers to questions, in the entries' own sentences."""
