"""The admin commands: status, reindexing, rollback, editing, statistics and the audit log."""
