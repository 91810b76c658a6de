"""Draw a map to files and describe it in words."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from bot.ops.expired_files import MAPS, delete_expired
from bot.rendering.explore import lines_of, title_of
from index.errors import NearsayError
from index.search.explore.explorations import Map, Theme
from index.search.explore.map import Chart
from index.storage import Generation
from index.text import shorten

THEMES: tuple[Theme, ...] = get_args(Theme)
LONGEST_ALT = 950  # characters; Slack takes 1,000


class CannotDraw(NearsayError):
    """A map cannot be written to its file."""

    code = "map"


@dataclass(frozen=True, slots=True)
class MapFiles:
    """The output files of a map: a picture, a page, or both."""

    picture: Path | None = None
    page: Path | None = None


def draw_map(generation: Generation, chart: Chart, theme: Theme, into: MapFiles) -> Map:
    """Draw a map and return the reply. Raises `CannotDraw` when a file cannot be written.

    matplotlib is imported when the first map is drawn, since the import takes a second.
    """
    reply = Map(
        query=chart.query,
        within=chart.within,
        theme=theme,
        image=str(into.picture.absolute()) if into.picture else "",
        page=str(into.page.absolute()) if into.page else "",
        neighbourhoods=tuple(chart.regions.values()),
        here=next(iter(chart.places), None),
        places=chart.places,
        alt="",
    )
    if into.picture:
        from bot.charts.png import draw

        _write(into.picture, draw(chart, theme, title_of(reply)))
    if into.page:
        from bot.charts.html_map import page_of

        _write(into.page, page_of(generation, chart).encode())
    return replace(reply, alt=_alt(reply))


def _alt(reply: Map) -> str:
    lines = [title_of(reply), *(line.strip() for line in lines_of(reply) if line)]
    return shorten(f"A map. {'. '.join(lines)}".replace(":. ", ": "), LONGEST_ALT)


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CannotDraw(
            f"The map cannot be written: {error.strerror or error}.",
            "Name a file in an existing folder. In a chat, check the disk space and permissions "
            "of the data directory.",
        ) from error


def new_picture(directory: Path) -> Path:
    """Return the path for a new picture in the data directory, and delete expired pictures."""
    delete_expired(directory)
    folder = directory / MAPS
    with suppress(OSError):  # writing the picture reports the error
        folder.mkdir(parents=True, exist_ok=True)
    return folder / f"map-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.png"
