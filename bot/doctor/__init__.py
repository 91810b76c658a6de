"""`nearsay doctor`: check an installation; each problem comes with a cure."""

from bot.doctor.checks import examine

__all__ = ["examine"]
