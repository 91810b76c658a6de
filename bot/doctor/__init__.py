"""`nearsay doctor`: check an installation, and suggest a fix for each problem."""

from bot.doctor.checks import examine

__all__ = ["examine"]
