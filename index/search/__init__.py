"""Search a generation of the index.

`near` finds the entries near a text, `define` returns one entry, and `browse` lists entries.
`answers/` answers questions, and `explore/` explores the embedding space. `results` has replies.
"""
