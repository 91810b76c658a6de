"""Replies with maps: draw a map to files and describe it in words."""

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from bot.rendering.explore import place_line
from index.errors import NearsayError
from index.search.explore.explorations import Map, Theme
from index.search.explore.map import Chart
from index.storage import Generation
from index.text import one_line, shorten

THEMES: tuple[Theme, ...] = get_args(Theme)
KEPT_S = 24 * 3600  # seconds until a picture is deleted
LONGEST_ALT = 950  # characters; Slack takes 1,000
NAMED, IN_EACH = 12, 3  # neighbourhoods in the alt text, central entries of each


class CannotDraw(NearsayError):
    """A map cannot be written to its file."""

    code = "map"


@dataclass(frozen=True, slots=True)
class MapFiles:
    """The output files of a map: a picture, a page, or both."""

    picture: Path | None = None
    page: Path | None = None


def draw_map(generation: Generation, chart: Chart, theme: Theme, into: MapFiles) -> Map:
    """Draw a map and return its reply. Raises `CannotDraw` when a file cannot be written.

    matplotlib is imported when the first map is drawn, since the import takes a second.
    """
    image = page = ""
    if into.picture:
        from bot.charts.png import draw

        image = _write(into.picture, draw(chart, theme).png)
    if into.page:
        from bot.charts.html_map import page_of

        page = _write(into.page, page_of(generation, chart).encode())
    return Map(
        generation=generation.id,
        model=generation.model,
        query=chart.query,
        within=chart.within,
        theme=theme,
        image=image,
        page=page,
        neighbourhoods=tuple(chart.regions.values()),
        here=next(iter(chart.places), None),
        places=chart.places,
        alt=_alt(chart),
    )


def _alt(chart: Chart) -> str:
    count, parts = len(chart.shown), len(chart.regions)
    what = f"A map of {count:,} {'entry' if count == 1 else 'entries'}"
    what += f" in {one_line(chart.within)}" if chart.within else ""
    places = [f"{place_line(here)}." for here in chart.places]
    regions = [
        f"{one_line(region.name)} ({region.size:,}: "
        f"{', '.join(one_line(entry.term) for entry in region.entries[:IN_EACH])})"
        for region in list(chart.regions.values())[:NAMED]
    ]
    more = f", and {parts - NAMED} more" if parts > NAMED else ""
    neighbourhoods = f"Neighbourhoods, the largest first: {'; '.join(regions)}{more}."
    return shorten(" ".join([f"{what}.", *places, neighbourhoods]), LONGEST_ALT)


def _write(file: Path, content: bytes) -> str:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CannotDraw(
            f"The map cannot be written: {error.strerror or error}.",
            "Name a file in an existing folder. In a chat, check the disk space and permissions "
            "of the data directory.",
        ) from error
    return str(file.absolute())


def new_picture(folder: Path) -> Path:
    """Return the path of a new picture in `folder`, and delete expired pictures."""
    with suppress(OSError):  # writing the picture reports the error
        folder.mkdir(parents=True, exist_ok=True)
        for earlier in folder.glob("map-*.png"):
            if time.time() - earlier.stat().st_mtime > KEPT_S:
                earlier.unlink()
    return folder / f"map-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.png"
