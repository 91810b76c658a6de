"""Backups of the data directory.

A backup is a `.tar.gz` of `manifest.json`, the ledger and the inbox (consistent copies of the
SQLite files) and the uploaded glossaries. The index is rebuilt from the ledger, which contains
every vector.
"""
