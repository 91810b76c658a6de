"""Index glossaries: read their files, embed their entries, and search them.

To build the index, start at `index.sources` (files to entries) and `index.indexing.reindex`
(entries to a generation of the index). To search it, start at `index.storage` and `index.search`.
This package does not depend on Slack, environment variables or the command line.
"""
