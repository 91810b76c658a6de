"""Support for editing entries.

plaintext.py     conversion of form fields to plain text and back
validation.py    validation of form fields, and their conversion to an entry
overlay.py       edits applied to the entries from sources
preview.py       a preview of an entry before it is saved
duplicates.py    detection of entries with the same meaning
draft_check.py   the results of previews and validation
"""
