"""Judged pairs of short texts, and how Nearsay learns which of them are alike."""
