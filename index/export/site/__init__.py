"""Export entries as a static site that needs no server."""
