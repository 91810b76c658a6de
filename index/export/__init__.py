"""Export entries as Markdown pages, a CSV table, or JSON lines."""
