"""What is measured over the passages of an index when it is built."""
