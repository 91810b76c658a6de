"""Lists of entries and explanations of texts as plain lines."""

from bot.commands.parser import line_of
from bot.commands.spec import Request
from bot.rendering.common import many, reply_lines
from index.search.results import EntryList, ExplainedTerm, Explanation, ListedEntry
from index.text import one_line, shorten

MEANING = 160  # characters of a definition in a line


@reply_lines.register
def _(reply: EntryList) -> list[str]:
    where = f" in {one_line(reply.category)}" if reply.category else ""
    where += f" under {one_line(reply.letter)}" if reply.letter else ""
    shown = (
        f", {reply.first:,} to {reply.first + len(reply.entries) - 1:,}" if reply.entries else ""
    )
    lines = [f"{many(reply.total, 'entry', 'entries')}{where}{shown}"]
    lines += map(_line, reply.entries)
    if reply.page < reply.pages:
        options: dict[str, str | int] = {"letter": reply.letter} if reply.letter else {}
        following = Request("list", reply.category, options | {"page": reply.page + 1})
        lines.append(f"Next: {one_line(line_of(following))}")
    if reply.categories and reply.page == 1:
        sizes = (f"{one_line(one.name) or 'none'} ({one.entries:,})" for one in reply.categories)
        lines.append(f"Categories: {' · '.join(sizes)}")
    return lines


@reply_lines.register
def _explanation(reply: Explanation) -> list[str]:
    lines = [_line(term) for term in reply.terms] or ["This text names no entry."]
    if reply.more:
        lines.append(f"… and {many(reply.more, 'more entry', 'more entries')}")
    if reply.undefined:
        lines.append(f"Not defined: {', '.join(map(one_line, reply.undefined))}")
    return lines


def _line(entry: ListedEntry | ExplainedTerm) -> str:
    """Return an entry with its meaning in one line."""
    return f"{name_of(entry)}: {shorten(one_line(entry.definition), MEANING)}"


def name_of(entry: ListedEntry | ExplainedTerm) -> str:
    """Return the term of an entry, after the name that a text has for it if that differs."""
    term = one_line(entry.term)
    if isinstance(entry, ExplainedTerm) and entry.written.casefold() != term.casefold():
        return f"{one_line(entry.written)} ({term})"
    return term
