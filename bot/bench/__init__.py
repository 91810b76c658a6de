"""Measuring Nearsay: how well it finds, beside what one would use without it."""
