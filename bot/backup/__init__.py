"""Backups of the data directory.

A backup is a `.tar.gz` of `manifest.json`, the uploaded glossaries, and consistent copies of the
SQLite files: the inbox and, unless it is in PostgreSQL, the ledger. A restore rebuilds the index
from the ledger, which contains every vector.
"""
