"""Lines of the replies to `/latent`."""

from bot.rendering.explore import lines_of, table_of, title_of
from index.entry import Mention
from index.search.explore.explorations import Comparison, Map, Region, TextPosition
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


def test_a_comparison_of_four_says_all_pairs_the_nearest_first() -> None:
    matrix = tuple(tuple(1.0 if i == j else (i + j) / 10 for j in range(4)) for i in range(4))
    four = filled(Comparison, "x", items=("a", "b", "c", "d"), matrix=matrix)
    pairs = lines_of(four)[:6]
    assert pairs[0] == '0.50  "c" and "d"'
    assert pairs[-1] == '0.10  "a" and "b"'
    assert len({*pairs}) == 6
    assert not table_of(four)


def test_a_comparison_of_five_has_a_table() -> None:
    matrix = tuple((0.5,) * 5 for _ in range(5))
    five = filled(Comparison, "x", items=("a", "b", "c", "d", "e"), matrix=matrix)
    assert len(table_of(five)) == 6
    assert lines_of(five)[4] == '5. "e"'
