"""Build generations of the index in a child process, roll back to them, and repair them."""
