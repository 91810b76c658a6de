"""Reading an encyclopedia, placing it in latent space, and finding what is near.

The way in, for writing: `index.sources` (files to entries), `index.build.reindex` (entries to a
generation of the index). For reading: `index.storage` (what is kept) and `index.search` (what is
near). This package knows no chat, no environment variables and no command line.
"""
