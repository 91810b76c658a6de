"""The atlas: a flat map of a generation's entries, and the neighbourhoods on it."""
