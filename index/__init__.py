"""The index: reads glossaries, embeds their entries and searches them.

To write it, start at `index.sources` (files to entries) and `index.build.reindex` (entries to a
generation of the index). To read it, start at `index.storage` and `index.search`. This package does
not depend on Slack, environment variables or the command line.
"""
