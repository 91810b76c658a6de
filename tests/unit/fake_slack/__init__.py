"""Tests of the loopback workspace itself, independent of the bot."""
