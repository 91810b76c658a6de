"""Handlers that process deliveries."""
