import numpy as np
from rapidfuzz.distance import OSA

from index.evaluation.typos import Mistake, misspell, owners_by_key, typos
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


def test_a_typo_of_a_shared_name_belongs_to_all_its_entries() -> None:
    names = [("one", "berth place"), ("two", "Berth-Place")]
    assert owners_by_key(names) == {"berth place": {"one", "two"}}
    assert all(typo.right == {"one", "two"} for typo in typos(names, wanted=20))


def test_typos_change_letters_only() -> None:
    random = np.random.default_rng(0)
    possible: dict[Mistake, set[str]] = {
        "swapped": {"ba-c"},
        "missing": {"b-c", "a-c", "ab-"},
        "doubled": {"aab-c", "abb-c", "ab-cc"},
    }
    for mistake, written in possible.items():
        assert {misspell("ab-c", mistake, random) for _ in range(100)} == written
    changed = {misspell("A1", "changed", random) for _ in range(500)}
    assert changed == {f"{letter}1" for letter in "bcdefghijklmnopqrstuvwxyz"}
    assert misspell("12", "changed", random) == "12"
