"""The ledger: the SQL database from which the index is built.

It is SQLite in the data directory by default, or PostgreSQL at a URL. Every file of the index can
be rebuilt from it. `schema` defines the tables, and `migrations/` their changes.
"""
