"""Draw maps of the entries as pictures and as web pages."""
