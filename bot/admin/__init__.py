"""What admins do: look at the state of the index, reindex, go back, and see what was done."""
