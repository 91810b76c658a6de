"""The supported file name suffixes."""

MARKDOWN = frozenset({".md", ".markdown"})
TEXT = frozenset({".txt"})
HTML = frozenset({".html", ".htm"})
TABLES = frozenset({".csv", ".tsv", ".xlsx"})
RECORDS = frozenset({".json", ".jsonl", ".ndjson", ".yaml", ".yml"})
SUFFIXES = MARKDOWN | TEXT | HTML | TABLES | RECORDS
