"""What can be put on the map of what was found."""

from __future__ import annotations

from bot.commands.spec import Request
from bot.latent.exploring import COMPARED
from index.names import name_key
from index.space.latent.results import (
    About,
    Blend,
    Comparison,
    Explored,
    Map,
    Models,
    Odd,
    Path,
    Shift,
    Wander,
)
from index.text import one_line

TO_ME = {"to": "me"}


def map_request(reply: Explored) -> Request | None:
    """The request for the map of what a reply is about, for the one who asks alone: what they
    looked at by themselves is shown to nobody by a button. None where there is nothing to put on
    it, or where a text has a bar in it, which stands between texts."""
    texts: tuple[str, ...] = ()
    match reply:
        case Comparison():
            texts = reply.items or (reply.a, reply.b)
        case Shift():
            texts = (reply.before, reply.after)
        case Path():
            texts = (reply.a, reply.b)
        case Odd():
            texts = reply.items
        case Wander() | Models():
            texts = (reply.query,)
        case About():
            return Request("latent", "", TO_ME, verb="map")
        case Blend() | Map():
            return None
    texts = tuple(one_line(text) for text in texts[:COMPARED])
    if any("|" in text for text in texts) or len(set(map(name_key, texts))) < len(texts):
        return None
    return Request("latent", " | ".join(texts), TO_ME, verb="map")
