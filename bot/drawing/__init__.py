"""Maps as pictures and as pages to explore."""
