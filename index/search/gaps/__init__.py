"""Cluster unanswered questions by meaning."""
