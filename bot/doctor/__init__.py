"""`nearsay doctor`: check an installation; each problem has a cure."""

from bot.doctor.checks import examine

__all__ = ["examine"]
