"""The map: a two-dimensional layout of the entries, with named neighbourhoods."""
