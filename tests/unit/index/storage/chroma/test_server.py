from index.storage.chroma.server import ChromaServer, is_ours, new_collection


def test_the_token_is_not_in_the_repr() -> None:
    assert "secret" not in repr(ChromaServer("http://chroma", "secret"))


def test_collection_names_are_unique_and_identify_the_ledger() -> None:
    names = {new_collection("0a1b2c3d", "g000001") for _ in range(100)}
    assert len(names) == 100
    assert all(is_ours(name, "0a1b2c3d") for name in names)
    assert not any(is_ours(name, "ffffffff") for name in names)
    for other in ("nearsay-0a1b2c3d-mine", "somebody-else", "nearsay-0a1b2c3d-g000001-xyz"):
        assert not is_ours(other, "0a1b2c3d"), "collections of other ledgers are never removed"
