"""Entries written by people.

fields.py        what a person writes of an entry
forms.py         fields as plain text, a line or a paragraph each, and back
checks.py        fields to an entry, or what is wrong with each
overlay.py       what people wrote, over what sources give
preview.py       where an entry will land, and what it is like, before it is saved
duplicates.py    whether two entries say the same
"""
