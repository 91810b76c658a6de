"""Lines of the replies to `/latent`."""

from bot.rendering.explore import lines_of, title_of
from index.entry import Mention
from index.search.explore.explorations import Map, Region, TextPosition
from tests.unit.bot.samples import filled


def test_neighbourhood_of_the_text_comes_first() -> None:
    regions = (Region("Large", 9, ()), Region("Own", 2, ()), Region("Small", 1, ()))
    places = (filled(TextPosition, "rope", neighbourhood="Own"),)
    lines = lines_of(filled(Map, "rope", neighbourhoods=regions, places=places))
    assert [line.split()[0] for line in lines[1:4]] == ["Own", "Large", "Small"]


def test_a_map_has_at_most_eight_lines_that_name_central_entries_whole() -> None:
    terms = [f"{word} {'x' * 18}" for word in ("Keel", "Mast", "Sail", "Rope")]
    central = tuple(Mention(term, term, "", None) for term in terms)
    regions = tuple(Region(f"Own {at}", 9, central) for at in range(9))
    for places in ((), (filled(TextPosition, "rope", neighbourhood="Own 4"),)):
        reply = filled(Map, "rope", neighbourhoods=regions, places=places, here=None)
        lines = [title_of(reply), *lines_of(reply)]
        assert len(lines) == 8
        assert lines[-1] == f"and {9 - 6 + len(places)} more neighbourhoods"
        assert all("…" not in line and len(line) <= 64 for line in lines[2:])
