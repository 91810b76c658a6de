"""Edit entries: form fields, their validation, previews, and edits over the sources."""
