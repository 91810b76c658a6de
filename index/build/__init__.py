"""Build a generation of the index in a child process: reindexing, rollback, recovery."""
