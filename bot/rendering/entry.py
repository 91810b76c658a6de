"""Wording about an entry: its definition, source and short form."""

from index.entry import Entry
from index.search.results import EntryReply
from index.sources.source import BUNDLED, WRITTEN
from index.text import one_line, shorten

RELATED = 3  # related terms in the short form of an entry
EXAMPLE = 130  # characters of the example in the short form


def also_line(reply: EntryReply, prefix: str = "") -> str:
    """Return the line that names another glossary with the same term, and the command to show it;
    empty if there is none."""
    if not reply.also_in:
        return ""
    source = one_line(reply.also_in[0])
    where = "The encyclopedia" if source == BUNDLED else f"The glossary {source}"
    return f"{where} has this term too: /{prefix}define {one_line(reply.entry.term)} from={source}"


def has_more(entry: Entry) -> bool:
    """Return whether the whole entry has more text than its short form."""
    rest = entry.sections or entry.faq or entry.references or entry.related[RELATED:]
    return bool(rest or entry.example[EXAMPLE:])


def about_line(entry: Entry, *, brief: bool = False) -> str:
    """Return an entry's category, aliases, date and source in one line. `brief` omits the date, and
    the source if it is the encyclopedia."""
    parts = [entry.category]
    if entry.aliases:
        parts.append("also: " + ", ".join(entry.aliases))
    if entry.updated and not brief:
        parts.append(f"updated {entry.updated:%d %B %Y}")
    if not brief or entry.source != BUNDLED:
        parts.append(_origin(entry))
    return one_line(" · ".join(part for part in parts if part))


def definition_of(entry: Entry) -> str:
    """Return the definition, as a numbered list if there are several senses."""
    if len(entry.senses) < 2:
        return entry.definition
    senses = enumerate(entry.senses, start=1)
    return "\n".join(f"{number}. {one_line(sense.text)}" for number, sense in senses)


def origin_of(source: str) -> str:
    """Say where an entry comes from: `from the encyclopedia`, `written in Nearsay`."""
    return "written in Nearsay" if source == WRITTEN else f"from {source_name(source)}"


def source_name(source: str) -> str:
    """Return the name of a source in a sentence: `the encyclopedia`, `glossary`."""
    return f"the {source}" if source == BUNDLED else source


def _origin(entry: Entry) -> str:
    text = origin_of(entry.source) if entry.source else ""
    if entry.source in ("", WRITTEN, BUNDLED):
        return text
    text += f", {entry.path}" if entry.path else ""
    return f"{text} ({shorten(entry.licence, 80)})" if entry.licence else text
