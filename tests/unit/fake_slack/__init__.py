"""Tests of the loopback workspace without the bot."""
