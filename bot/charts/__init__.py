"""Maps as pictures and as web pages."""
