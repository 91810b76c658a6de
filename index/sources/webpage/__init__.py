"""Encyclopedia pages saved from a browser, as HTML or text."""
