"""Glossaries in Word documents (.docx)."""
