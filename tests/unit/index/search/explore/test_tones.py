import pytest

from index.errors import NotFound
from index.search.explore.tones import TONES, resolve_tone


@pytest.mark.parametrize(
    ("written", "tone"),
    [
        ("premium", "premium"),
        ("More Formal", "more formal"),
        ("formal", "more formal"),
        (" WARMER ", "warmer"),
        ("technical", "more technical"),
    ],
)
def test_a_tone_is_found_by_its_name_or_a_word_in_it(written: str, tone: str) -> None:
    assert resolve_tone(written) == tone


@pytest.mark.parametrize("written", ["", "loud", "more", "<!channel>", "x" * 5_000])
def test_an_unknown_tone_is_reported_with_the_known_tones(written: str) -> None:
    with pytest.raises(NotFound, match="There is no tone") as raised:
        resolve_tone(written)
    assert len(raised.value.message) < 80
    assert all(tone in raised.value.hint for tone in TONES)
