"""Lines of the replies to `/latent`."""

from bot.rendering.explore import lines_of
from index.search.explore.explorations import Map, Region, TextPosition
from tests.unit.bot.samples import filled


def test_neighbourhood_of_the_text_comes_first() -> None:
    regions = (Region("Large", 9, ()), Region("Own", 2, ()), Region("Small", 1, ()))
    places = (filled(TextPosition, "rope", neighbourhood="Own"),)
    lines = lines_of(filled(Map, "rope", neighbourhoods=regions, places=places))
    assert [line.split()[0] for line in lines[2:5]] == ["Own", "Large", "Small"]
