"""Glossaries in Markdown."""
