"""Find one of several names, such as a category, from a part of it."""

from collections.abc import Sequence
from difflib import get_close_matches

from index.errors import NotFound
from index.names import name_key
from index.text import shorten

MAX_LISTED = 40  # names in a message


def resolve_choice(wanted: str, known: Sequence[str], what: str, plural: str) -> str:
    """Return the name in `known` that is `wanted`, or else the only one that begins with it, or
    else the only one that contains it as a word. `what` and `plural` describe the choices in
    messages. Raises `NotFound` if no name or several match."""
    if wanted in known:
        return wanted
    key = name_key(wanted)
    keys = {name: name_key(name) for name in known}
    several: dict[str, None] = {}
    for fits in (key.__eq__, lambda name: name.startswith(key), lambda name: key in name.split()):
        found = [name for name, its_key in keys.items() if key and fits(its_key)]
        if len(found) == 1:
            return found[0]
        several |= dict.fromkeys(found)
    shown, listed = shorten(wanted, 40), _listed(known) or "none"
    if several:
        raise NotFound(
            f'"{shown}" fits several: {_listed(list(several))}.', "Write one of them in full."
        )
    words = {word: name for name, its_key in keys.items() for word in (its_key, *its_key.split())}
    close = get_close_matches(key, words, 1, 0.75)
    meant = f" Did you mean {words[close[0]]}?" if close else ""
    raise NotFound(f'There is no {what} "{shown}".{meant}', f"{plural}: {listed}.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MAX_LISTED
    return ", ".join(names[:MAX_LISTED]) + (f" and {more:,} more" if more > 0 else "")
