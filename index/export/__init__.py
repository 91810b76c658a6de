"""Export entries as Markdown pages, a CSV table, JSON lines, or a site."""
