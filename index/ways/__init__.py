"""Ways to ask: search phrases for entries, which a language model writes and a search checks."""
