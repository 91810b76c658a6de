"""Statistics on the passages of an index, computed when the index is built."""
