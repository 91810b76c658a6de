"""Unanswered questions, clustered by meaning."""
