"""Entries out of the index: as pages of the entry format, as a table, or as JSON lines."""
