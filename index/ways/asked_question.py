"""Make a way to ask from a question that somebody asked."""

import re

from index.entry import Entry
from index.names import ENTRY_SUFFIX, name_key
from index.ways.assistant_reply import plain_way, unfit

# Mentions, e-mail addresses, and numbers as long as a phone or customer number.
_PERSONAL = re.compile(r"@\w|<[#!]|\d(?:[ ()./-]{0,2}\d){6}")


def way_of_question(question: str, entry: Entry) -> str:
    """Return a question as a way to ask for an entry, or an empty string if it cannot be one.

    Like a way in a reply of a model, it is cleaned, has a bounded length, at least two words and no
    link, and is no name of the entry. It is also no heading of the entry, and has no mention, mail
    address or long number.
    """
    way = plain_way(question)
    if question.endswith(ENTRY_SUFFIX) or unfit(way, entry) or _PERSONAL.search(way):
        return ""
    headings = {name_key(section.heading) for section in entry.sections}
    return "" if name_key(way) in headings else way
