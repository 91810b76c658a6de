"""Nearsay in a terminal: a conversation, replies as text, progress bars."""
