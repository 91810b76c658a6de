"""Follow-ups to a `/latent` reply: its map, and the entries it names."""

from itertools import zip_longest

from bot.commands.spec import Request
from bot.explore.commands import COMPARED
from index.entry import Mention
from index.names import name_key
from index.search.explore.explorations import (
    About,
    Comparison,
    Explored,
    Map,
    Models,
    Path,
    RandomWalk,
    Shift,
)
from index.text import one_line

TO_ME = {"to": "me"}


def map_request(reply: Explored) -> Request | None:
    """Return the request for a private map of a reply's texts.

    The map is private, since a button must not publish a private request. Returns None if the reply
    has no text for the map, repeats a text, or has a text with a bar, which separates texts.
    """
    texts: tuple[str, ...] = ()
    match reply:
        case Comparison():
            texts = reply.items or (reply.a, reply.b)
        case Shift():
            texts = (reply.before, reply.after)
        case Path():
            texts = (reply.a, reply.b)
        case RandomWalk() | Models():
            texts = (reply.query,)
        case About():
            return Request("latent", "", TO_ME, verb="map")
        case Map():
            return None
    texts = tuple(one_line(text) for text in texts[:COMPARED])
    if any("|" in text for text in texts) or len(set(map(name_key, texts))) < len(texts):
        return None
    return Request("latent", " | ".join(texts), TO_ME, verb="map")


def entries_of(reply: Explored) -> list[tuple[str, str]]:
    """Return the ids and terms of the entries in a reply, without duplicates, in order."""
    mentioned: list[Mention] = []
    match reply:
        case Comparison():
            mentioned += [*reply.shared, *([reply.between] if reply.between else [])]
            mentioned += [*reply.only_a, *reply.only_b]
        case Shift():
            mentioned += [*reply.gained, *reply.lost]
        case Path():
            return [(hop.id, hop.term) for hop in reply.hops]
        case RandomWalk():
            mentioned += reply.stops
        case Models():
            ranks = zip_longest(*(view.neighbours for view in reply.models))
            mentioned += [item for rank in ranks for item in rank if item is not None]
        case Map():
            for here in reply.places:
                mentioned += here.nearest
            if not reply.places:
                mentioned += [region.entries[0] for region in reply.neighbourhoods]
        case About():
            mentioned += reply.loneliest
    return list({item.id: item.term for item in mentioned}.items())
