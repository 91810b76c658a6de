"""A flat map of an index's entries, with named neighbourhoods."""
