"""Export of entries: Markdown pages, a CSV table, or JSON lines."""
