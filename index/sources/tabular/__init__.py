"""Glossaries in tables: CSV, TSV and XLSX."""
