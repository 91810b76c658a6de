"""Glossaries in JSON and YAML."""
