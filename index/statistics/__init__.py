"""Statistics of the passages of an index, computed when it is built."""
