"""Replies as data: one module for each part of the bot."""
