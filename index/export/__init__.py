"""Entries out of the index: as pages of the entry format, as a table, or as JSON lines."""

from __future__ import annotations

from index.export.export import Exported, Form, export

__all__ = ["Exported", "Form", "export"]
