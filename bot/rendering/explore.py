"""Replies of `/latent` as plain lines."""

from collections.abc import Collection, Sequence
from functools import singledispatch
from itertools import combinations

from bot.commands.catalog import MAX_SEED
from bot.rendering.common import bar, hit_line, many, nearest_line, reply_lines, sparkline
from index.entry import Mention
from index.names import content_words
from index.search.explore.explorations import (
    About,
    Comparison,
    Explored,
    Map,
    Models,
    ModelView,
    Path,
    RandomWalk,
    Region,
    Shift,
    TextPosition,
)
from index.search.results import Neighbour
from index.text import one_line, shorten

LONGEST = 60  # characters
LONGEST_NEIGHBOURHOOD = 64  # a line in a terminal, at most two on a phone
MAP_LINES = 8  # of a map with at most two texts, the title included
LONGEST_DEFINITION = 41  # with the indent, a line on a phone
ROOM = 25  # characters of a numbered term; its similarity and bar follow in the line
MIN_GAP = 0.1  # from a cosine to a similarity that is lower because of the words' senses
MIN_EFFECT = 0.005  # cosine; smaller effects of a word are noise and are not shown
WORDS = 5
LISTED = 4  # texts of a comparison whose pairs are listed; more are shown as a table
SHOWN = 3  # nearest entries of a text
COMMON = "="  # marks an entry in every model's list
MIN_NEIGHBOURHOODS = 3  # shown under the positions of several texts


@reply_lines.register
def _(reply: Explored) -> list[str]:
    lists = []
    if isinstance(reply, Models):
        lists = [f"{item.model}: {nearest_line(item.neighbours)}" for item in reply.models]
    return [title_of(reply), *lists, *lines_of(reply), *table_of(reply)]


def title_of(reply: Explored) -> str:
    """Return the result of a reply in one line."""
    match reply:
        case Comparison():
            apart = " apart" if reply.band == "far" else ""
            what = f"{reply.band}{apart} ({reply.similarity:.2f})"
            most = "The nearest two are " if reply.items else ""
            return f"{most}{_quoted(reply.a)} and {_quoted(reply.b)}: {what}"
        case Shift():
            moved = f"(similarity {reply.similarity:.2f})"
            if reply.from_neighbourhood == reply.to_neighbourhood:
                return f"The edit does not change the neighbourhood {moved}"
            left, entered = _quoted(reply.from_neighbourhood), _quoted(reply.to_neighbourhood)
            return f"The prompt moved from {left} to {entered} {moved}"
        case Path():
            steps = len(reply.hops) - 1
            count = f"{steps or 'no'} steps" if steps != 1 else "one step"
            same = "" if steps else ": both are at the same entry"
            return f"From {_quoted(reply.a)} to {_quoted(reply.b)} in {count}{same}"
        case RandomWalk():
            return f"A walk from {_quoted(reply.query)} at temperature {reply.temperature:g}"
        case Models():
            common = f"{reply.overlap:.0%} of the first ten in common"
            return f"Near {_quoted(reply.query)} in {len(reply.models)} models: {common}"
        case Map():
            return _map_title(reply)
        case About():
            return f"{reply.entries:,} entries in a space of {reply.dimensions:,} dimensions"


@singledispatch
def lines_of(reply: Explored) -> list[str]:
    """Return the lines below the title."""
    raise TypeError(type(reply).__name__)


def table_of(reply: Explored) -> list[str]:
    """Return the similarities of a comparison of more than `LISTED` texts as a table, or []."""
    if not isinstance(reply, Comparison) or len(reply.items) <= LISTED:
        return []
    head = "    " + "".join(f"{number:>6}" for number in range(1, len(reply.items) + 1))
    return [
        head,
        *(
            f"{number:>4}" + "".join(f"{similarity:6.2f}" for similarity in row)
            for number, row in enumerate(reply.matrix, start=1)
        ),
    ]


@lines_of.register
def _(reply: Comparison) -> list[str]:
    lines = _pair_lines(reply)
    if table_of(reply):
        lines = [f"{at}. {_quoted(text)}" for at, text in enumerate(reply.items, start=1)]
    share_words = {*content_words(reply.a)} & {*content_words(reply.b)}
    if share_words and reply.band == "far" and reply.cosine - reply.similarity > MIN_GAP:
        lines.append("They share a word but not a meaning.")
    if not (reply.shared or reply.only_a or reply.only_b):
        return [*lines, "No entry is near either of them."]
    lines += [
        f"Near both: {_nearest(reply.shared)}",
        f"Near {_quoted(reply.a)} only: {_nearest(reply.only_a)}",
        f"Near {_quoted(reply.b)} only: {_nearest(reply.only_b)}",
    ]
    if reply.between:
        lines.append(f"Between them: {one_line(reply.between.term)}")
    return lines


def _pair_lines(reply: Comparison) -> list[str]:
    """Return every pair of three or more texts with its similarity, the nearest first."""
    pairs = sorted(
        combinations(range(len(reply.items)), 2), key=lambda pair: -reply.matrix[pair[0]][pair[1]]
    )
    return [
        f"{reply.matrix[one][other]:.2f}  {_quoted(reply.items[one])} and "
        f"{_quoted(reply.items[other])}"
        for one, other in pairs
    ]


@lines_of.register
def _(reply: Shift) -> list[str]:
    lines = [_tipping_line(reply)]
    if reply.tone:
        added = reply.after.removeprefix(reply.before).strip()
        lines.insert(0, f"The tone {_quoted(reply.tone)} adds: {_quoted(added)}")
    words = [item for item in reply.words if item.effect >= MIN_EFFECT][:WORDS]
    if words:
        most = words[0].effect
        lines.append("Words with the largest effect:")
        lines += [
            f"    {bar(item.effect / most)} {item.effect:+.2f}  "
            f"{'' if item.added else 'without '}{shorten(one_line(item.word), LONGEST)}"
            for item in words
        ]
    if reply.towards:
        nearer = " · ".join(f"{one_line(item.name)} {item.change:+.2f}" for item in reply.towards)
        lines.append(f"Nearer now: {nearer}")
    if reply.gained or reply.lost:
        lines.append(f"New neighbours: {_nearest(reply.gained[:SHOWN])}")
        lines.append(f"Lost neighbours: {_nearest(reply.lost[:SHOWN])}")
    moved = [f"{one_line(one.term)} {one.before} to {one.after}" for one in reply.moved[:SHOWN]]
    return [*lines, f"Moved in rank: {' · '.join(moved)}" if moved else ""]


def _tipping_line(reply: Shift) -> str:
    if reply.tipping is None:
        return ""
    into = _quoted(reply.tipping.into)
    line = f"The path crosses into {into} after {reply.tipping.share:.0%} of the way."
    if reply.tipping.word:
        line += f" Word by word, it crosses at {_quoted(reply.tipping.word)}."
    return line


@lines_of.register
def _(reply: Path) -> list[str]:
    lines = []
    for at, hop in enumerate(reply.hops):
        measured = "" if hop.similarity is None else f"  {hop.similarity:.2f}"
        weakest = "  (the longest step)" if at == reply.weakest and len(reply.hops) > 2 else ""
        lines.append(f"{at + 1}. {one_line(hop.term)}{measured}{weakest}")
        lines.append(f"    {shorten(one_line(hop.definition), LONGEST_DEFINITION)}")
    straight = " · ".join(one_line(item.term) for item in reply.straight)
    return [*lines, f"On the straight line: {straight}" if straight else ""]


@lines_of.register
def _(reply: RandomWalk) -> list[str]:
    lines = [_hit(at, stop) for at, stop in enumerate(reply.stops, start=1)]
    return [
        *lines,
        "Numbers: similarity to the previous stop.",
        f"Breadth {reply.breadth:.2f}: how far apart the stops are.",
        f"For another walk add seed={reply.seed % MAX_SEED + 1}",
    ]


def _hit(at: int, item: Neighbour | Mention) -> str:
    term, number = hit_line(item, ROOM)
    return f"{at}. {term}  {number}"


def ranks_of(view: ModelView, everywhere: Collection[str]) -> list[tuple[str, str, str]]:
    """Return one model's list as triples of rank, term and cosine. The rank is marked if the entry
    is in `everywhere`."""
    return [
        (f"{rank}{COMMON if item.id in everywhere else ' '}", one_line(item.term), f"{cosine:.2f}")
        for rank, item in enumerate(view.neighbours, start=1)
        if (cosine := item.similarity) is not None
    ]


def in_common(reply: Models) -> set[str]:
    """Return the ids of the entries that are in every model's list."""
    first, *others = ({item.id for item in view.neighbours} for view in reply.models)
    return first.intersection(*others)


@lines_of.register
def _(reply: Models) -> list[str]:
    lines = [f"{one_line(view.model)}: {one_line(view.about)}." for view in reply.models]
    for view in reply.models[1:]:
        if not view.neighbours:
            lines.append(f"{one_line(view.model)} has no vector for this text.")
        elif view.rank_correlation is not None:
            lines.append(
                f"Rank correlation with {one_line(view.model)} over all entries: "
                f"{view.rank_correlation:.2f} (1 alike, 0 unrelated)."
            )
    if reply.sparse:
        lines.append("No entry is near this text; each model still lists its nearest.")
    if in_common(reply):
        lines.append(f"{COMMON}: in every list. Cosines of different models are not comparable.")
    else:
        lines.append("No entry is in every list. Cosines of different models are not comparable.")
    return lines


def _map_title(reply: Map) -> str:
    if len(reply.places) > 1:
        *others, last = (_quoted(here.text) for here in reply.places)
        return f"{', '.join(others)} and {last} on the map"
    if reply.here is not None:
        return _position(reply.here)
    what = f" of {_quoted(reply.within)}" if reply.within else ""
    count = sum(region.size for region in reply.neighbourhoods)
    return f"The map{what}: {many(count, 'entry', 'entries')}"


def _position(here: TextPosition) -> str:
    where = f"in {_quoted(here.neighbourhood)}" if not here.sparse else "far from every entry"
    return f"{_quoted(here.text)} is {where}"


@lines_of.register
def _(reply: Map) -> list[str]:
    lines = []
    for here in reply.places:
        place = f"{_position(here)}. " if len(reply.places) > 1 else ""
        lines.append(f"{place}Nearest: {_nearest(here.nearest[:SHOWN])}")
    own = {here.neighbourhood for here in reply.places}
    regions = sorted(reply.neighbourhoods, key=lambda region: region.name not in own)
    room = max(MIN_NEIGHBOURHOODS, MAP_LINES - 2 - len(lines))  # without the title and "more"
    shown = regions if len(regions) == room + 1 else regions[:room]
    lines += map(_region_line, shown)
    more = len(regions) - len(shown)
    return [*lines, f"and {more} more neighbourhoods"] if more else lines


def _region_line(region: Region) -> str:
    """Return a neighbourhood's name and size, and as many of its entries as fit in the line."""
    name = one_line(region.name)
    line = f"{shorten(name, LONGEST_NEIGHBOURHOOD - 10)} ({region.size:,})"
    parts, joint = {part.casefold() for part in name.split(" & ")}, ": "
    terms = (one_line(entry.term) for entry in region.entries)
    for term in (term for term in terms if term.casefold() not in parts):
        if len(line) + len(joint) + len(term) > LONGEST_NEIGHBOURHOOD:
            break
        line, joint = f"{line}{joint}{term}", ", "
    return line


@lines_of.register
def _(reply: About) -> list[str]:
    sizes = " · ".join(f"{one_line(one.name)} {one.size:,}" for one in reply.neighbourhoods[:12])
    pairs = " · ".join(
        f"{one_line(pair.a.term)} and {one_line(pair.b.term)} {pair.similarity:.2f}"
        for pair in reply.closest
    )
    columns = sparkline([share for _, share in reply.distribution])
    low, high = reply.distribution[0][0], reply.distribution[-1][0] + 0.1
    return [
        f"{reply.effective_dimensions:,} dimensions explain 90% of the variance of "
        f"{reply.passages:,} passages.",
        f"Neighbourhoods: {sizes}",
        f"Closest pairs: {pairs or 'none'}",
        f"Most isolated: {_nearest(reply.loneliest)}",
        f"Random pairs, by cosine: {low:.1f} {columns} {high:.1f}",
    ]


def _nearest(mentions: Sequence[Mention]) -> str:
    return nearest_line(mentions) or "nothing"


def _quoted(text: str) -> str:
    return f'"{shorten(one_line(text), LONGEST)}"'
