"""Wording about an entry: its definition, source and short form."""

from index.entry import Entry
from index.search.results import EntryReply
from index.sources.source import BUNDLED, WRITTEN
from index.text import one_line, shorten

RELATED = 3  # related terms in the short form of an entry
EXAMPLE = 220  # characters of the example in the short form
TEAM_LINE = 90  # characters of the line for owner, status and details
CATEGORIES = 3  # categories in the short form


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
    cut = entry.example[EXAMPLE:] or entry.categories[CATEGORIES:]
    return bool(rest or cut or is_team_line_cut(entry))


def about_line(entry: Entry, *, brief: bool = False) -> str:
    """Return an entry's categories, aliases, date and source in one line. `brief` omits the date,
    further categories, and the source if it is the encyclopedia."""
    parts = [", ".join(entry.categories[: CATEGORIES if brief else None])]
    if entry.aliases:
        parts.append("also: " + ", ".join(entry.aliases))
    if entry.updated and not brief:
        parts.append(f"updated {entry.updated:%d %B %Y}")
    if not brief or entry.source != BUNDLED:
        parts.append(_origin(entry))
    return one_line(" · ".join(part for part in parts if part))


def team_fields_of(entry: Entry) -> list[str]:
    """Return an entry's owner, status and details, each as "Name: value" in one line."""
    pairs = [("Owner", entry.owner), ("Status", entry.status)]
    pairs += [(detail.name, detail.value) for detail in entry.details]
    return [one_line(f"{name}: {value}") for name, value in pairs if value]


def team_line(entry: Entry) -> str:
    """Return an entry's owner, status and details in one short line: `Owner: Ana · Region: EMEA`;
    empty if there are none."""
    return shorten(_joined(entry), TEAM_LINE)


def is_team_line_cut(entry: Entry) -> bool:
    """Return whether an entry has more of these fields than its line shows."""
    return len(_joined(entry)) > TEAM_LINE


def _joined(entry: Entry) -> str:
    return " · ".join(team_fields_of(entry))


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
