"""Backups of the data directory.

A backup is a `.tar.gz` of `manifest.json` and of what cannot be made again: the ledger and the
inbox (SQLite files, as they were at one moment) and the glossaries that were sent to the bot. The
index itself is not in it, since it is built from the ledger, where every vector is.
"""
