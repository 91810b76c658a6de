"""`nearsay doctor`: everything that can be wrong with an installation, each with its cure."""

from bot.doctor.examination import examine

__all__ = ["examine"]
