"""Replies as Block Kit blocks."""
