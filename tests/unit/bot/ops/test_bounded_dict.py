from bot.ops.bounded_dict import BoundedDict


def test_what_was_set_longest_ago_is_forgotten() -> None:
    found = BoundedDict[str, int](2)
    found["a"], found["b"] = 1, 2
    found["a"] = 3
    found["c"] = 4
    assert dict(found) == {"a": 3, "c": 4}
