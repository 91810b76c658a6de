from rapidfuzz.distance import OSA

from index.evaluation.typos import typos
from index.names import name_key

NAMES = [
    ("anchor", "Anchor"),
    ("anchor", "iron hook"),
    ("buoy", "Buoy"),
    ("light", "Light-house"),
    ("top-k", "Top-k sampling"),
    ("top-p", "Top-p sampling"),
]


def test_a_typo_is_one_edit_away_and_closest_to_its_own_entry() -> None:
    made = typos(NAMES, wanted=200)
    assert len(made) == 200
    assert len({name_key(typo.written) for typo in made}) == len(made)
    for typo in made:
        key = name_key(typo.written)
        assert OSA.distance(typo.written, typo.name) == 1
        away = OSA.distance(key, name_key(typo.name))
        others = [name for owner, name in NAMES if owner not in typo.right]
        assert all(OSA.distance(key, name_key(other)) > away for other in others)
