"""Read the ways to ask from a language model's reply.

The reply is untrusted text: it is parsed as JSON, and what is not a short text for a known entry is
dropped.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.entry import LONGEST_PHRASE, Entry
from index.names import name_key
from index.text import one_line, shorten, visible, words_in

LONGEST_REPLY = 5_000_000  # characters
MOST_WAYS = 10  # of one entry in one reply
LEAST_WORDS = 2
SHOWN_TEXT = 80  # characters of a dropped text
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
NOT_JSON = "not a line of JSON"
_WRAPPERS = ("entries", "ways", "results", "items", "data")  # names of a list around all entries
_AROUND_A_WAY = " \t\"'“”„«»"
_LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
# Letters of scripts that put no space between words.
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask for the entry with the id `entry`."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class DroppedWay:
    """A part of a reply that is not used, shortened, and the reason. `entry` may be empty."""

    entry: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaysReply:
    """The ways in a reply, in its order, and what was dropped."""

    ways: tuple[Way, ...]
    dropped: tuple[DroppedWay, ...]


def read_reply(text: str, entries: Mapping[str, Entry]) -> WaysReply:
    """Read a reply: lines of JSON, a JSON list, or either of them between code fences.

    `entries` are the entries that were asked for, by id. Dropped are unknown entries, values that
    are not texts, texts with a link, names of the entry, texts that are too long or too short,
    repetitions, and ways after the first `MOST_WAYS` of an entry.
    """
    if len(text) > LONGEST_REPLY:
        reason = f"the reply has {len(text):,} characters; {LONGEST_REPLY:,} are read"
        return WaysReply((), (dropped_way("", text, reason),))
    ways: list[Way] = []
    dropped: list[DroppedWay] = []
    owners: dict[str, str] = {}  # the entry that has a way, by the key of the way
    counts: dict[str, int] = {}
    for item in _items(text.removeprefix("\ufeff")):
        if isinstance(item, DroppedWay):
            dropped.append(item)
            continue
        entry_id, given = item
        entry = entries.get(entry_id)
        if entry is None:
            dropped.append(dropped_way(entry_id, given, "no such entry was asked for"))
            continue
        for value in given if isinstance(given, list) else [given]:
            way = plain_way(value) if isinstance(value, str) else ""
            count = counts.get(entry.id, 0)
            reason = _fault(value, way, entry, owners, count)
            if reason:
                dropped.append(dropped_way(entry.id, value, reason))
            else:
                ways.append(Way(entry.id, way))
                owners[name_key(way)] = entry.id
                counts[entry.id] = count + 1
    return WaysReply(tuple(ways), tuple(dropped))


def plain_way(text: str) -> str:
    """Return a way on one line, without invisible characters and without quotes around it."""
    return one_line(visible(text)).strip(_AROUND_A_WAY)


def dropped_way(entry: str, value: object, reason: str) -> DroppedWay:
    """Return a dropped value as a short line."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    except RecursionError:
        text = "…"
    text = shorten(one_line(text[:1_000]), SHOWN_TEXT)
    return DroppedWay(one_line(entry[:SHOWN_TEXT]), text, reason)


def _fault(value: object, way: str, entry: Entry, owners: Mapping[str, str], count: int) -> str:
    """Return the reason to drop a way, or an empty string."""
    if not isinstance(value, str):
        return "not a text"
    if reason := unfit(way, entry):
        return reason
    key = name_key(way)
    if key in owners:
        same = owners[key] == entry.id
        return "repeated" if same else f"also given for {owners[key]}"
    if count >= MOST_WAYS:
        return f"more than {MOST_WAYS} for this entry"
    return ""


def unfit(way: str, entry: Entry) -> str:
    """Return why a text that `plain_way` returned cannot be a way to ask for an entry, or an empty
    string."""
    if len(way) > LONGEST_PHRASE:
        return f"longer than {LONGEST_PHRASE} characters"
    if _LINK.search(way):
        return "has a link"
    if name_key(way) in map(name_key, (entry.term, *entry.aliases)):
        return "a name of the entry"
    if _word_count(way) < LEAST_WORDS:
        return f"fewer than {LEAST_WORDS} words"
    return ""


def _word_count(way: str) -> int:
    return max(len(words_in(way)), len(_SPACELESS.findall(way)) // 2)


def _items(text: str) -> Iterator[tuple[str, Any] | DroppedWay]:
    """Yield each id of an entry with its ways, which may have any type."""
    for part in _FENCE.split(text):
        found = _parsed(part)
        if found is None:  # perhaps prose around one JSON value
            starts = [at for at in map(part.find, "[{") if at >= 0]
            inner = part[min(starts) : max(map(part.rfind, "]}")) + 1] if starts else ""
            found = _parsed(inner) or None
        if found is not None:
            yield from _items_of(found)
            continue
        for line in part.splitlines():
            bare = line.strip().rstrip(",")
            if bare not in ("", "[", "]"):
                found = _parsed(bare)
                yield from [dropped_way("", line, NOT_JSON)] if found is None else _items_of(found)


def _items_of(value: Any) -> Iterator[tuple[str, Any] | DroppedWay]:
    """Yield the items of a JSON value: one entry, a list of them, or a list within an object."""
    if isinstance(value, dict) and "entry" not in value:
        inner = [value[name] for name in _WRAPPERS if isinstance(value.get(name), list)]
        value = inner[0] if len(inner) == 1 else value
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and isinstance(item.get("entry"), str) and "ways" in item:
            yield item["entry"], item["ways"]
        else:
            yield dropped_way("", item, 'not of the form {"entry": …, "ways": […]}')


def _parsed(text: str) -> Any:
    """Return the JSON value of a text, or None for another text. A blank text is an empty list."""
    try:
        return json.loads(text) if text.strip() else []
    except (ValueError, RecursionError):
        return None
