"""Search a generation of the index.

`near` finds what is near a text, `define` gives one entry whole, `browse` lists entries; `answers/`
answers questions and `explore/` explores the space. `results` has the replies they give.
"""
