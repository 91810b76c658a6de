"""What the contenders are called."""

from __future__ import annotations

MODEL = "model"
CHROMA = "Chroma"
OURS = "nearsay"
SERVED = "over HTTP"
SEARCH = "semantic_search"
SEARCH_AS_OURS = "the same, our backend"
DEFAULT_CHROMA = "Chroma by itself"
TXTAI = "txtai"
PEERS = (SEARCH, DEFAULT_CHROMA, TXTAI)  # as they come to one who installs them
ORDER = (MODEL, CHROMA, OURS, SERVED, SEARCH, SEARCH_AS_OURS, TXTAI, DEFAULT_CHROMA)  # as shown
