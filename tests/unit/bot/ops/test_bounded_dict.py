from bot.ops.bounded_dict import BoundedDict


def test_the_oldest_key_is_evicted() -> None:
    found = BoundedDict[str, int](2)
    found["a"], found["b"] = 1, 2
    found["a"] = 3
    found["c"] = 4
    assert dict(found) == {"a": 3, "c": 4}
