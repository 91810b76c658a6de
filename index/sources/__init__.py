"""Files to entries.

`index.sources.page` reads the entry format, the form of the bundled encyclopedia and of
exports. `read_sources` is the way in: paths in, entries and a list of what was refused out.
"""

from index.sources.reading import Refusal, SourceReport, bundled, read_sources

__all__ = ["Refusal", "SourceReport", "bundled", "read_sources"]
