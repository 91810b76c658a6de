"""Handlers, which process deliveries."""
