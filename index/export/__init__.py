"""Export entries as Markdown pages, a CSV table, JSON lines, a SKOS vocabulary, or a site."""
