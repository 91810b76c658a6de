"""`nearsay doctor`: everything that can be wrong with an installation, each with its cure."""

from bot.doctor.checks import examine

__all__ = ["examine"]
