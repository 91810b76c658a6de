"""Replies as lines of text, for the terminal and for messages without blocks."""
