"""Copies of files from the web: kept, refreshed, used after a failure, and deleted."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import FetchError
from index.sources.source import Source
from index.sources.web.copies import Copy, WebCopies
from index.sources.web.fetcher import FetchedFile, Fetcher, Validators
from index.sources.web_address import WebAddress

TERMS = Source("terms", "https://terms.example/glossary.csv?key=s3cret")
SAILS = Source("sails", "https://terms.example/sails")
Answer = FetchedFile | FetchError | None


class Web(Fetcher):
    """A fetcher with a prepared answer; `asked` has the validators that it was given."""

    def __init__(self) -> None:
        super().__init__(["terms.example"])
        self.answer: Answer = None
        self.asked: list[Validators] = []

    def fetch(self, address: WebAddress, known: Validators) -> FetchedFile | None:
        self.asked.append(known)
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer


def csv(text: str, etag: str = "", suffix: str = ".csv") -> FetchedFile:
    return FetchedFile(text.encode(), suffix, Validators(etag))


def failure() -> FetchError:
    return FetchError(Path("terms.example/glossary.csv"), None, "its host answered 500", "Wait.")


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def copies(tmp_path: Path, web: Web) -> WebCopies:
    return WebCopies(tmp_path / "web", web)


@pytest.fixture
def refresh(web: Web, copies: WebCopies) -> Callable[..., Copy]:
    def run(answer: Answer, source: Source = TERMS) -> Copy:
        web.answer = answer
        return copies.refresh(source)

    return run


def test_a_file_is_kept_with_its_validators(web: Web, refresh: Callable[..., Copy]) -> None:
    first = refresh(csv("one", '"1"'))
    assert (first.path.name, first.path.read_text(), first.problem) == ("glossary.csv", "one", None)
    assert refresh(None) == first
    assert refresh(csv("two", '"2"')).path.read_text() == "two"
    refresh(None)
    assert web.asked == [Validators(), Validators('"1"'), Validators('"1"'), Validators('"2"')]


def test_only_this_user_can_read_a_copy(refresh: Callable[..., Copy]) -> None:
    assert refresh(csv("one")).path.stat().st_mode & 0o077 == 0


def test_the_query_of_an_address_is_not_stored_with_the_copy(
    refresh: Callable[..., Copy], tmp_path: Path
) -> None:
    refresh(csv("one"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 2
    assert not any("s3cret" in str(path) + path.read_text() for path in files)


def test_a_failed_fetch_leaves_the_older_copy(
    web: Web, copies: WebCopies, refresh: Callable[..., Copy]
) -> None:
    older = refresh(csv("one", '"1"'))
    failed = refresh(failure())
    assert (failed.path, failed.path.read_text()) == (older.path, "one")
    assert failed.problem is web.answer
    known = copies.failure(TERMS)
    assert known is not None
    assert (known.message, known.hint) == (
        "terms.example/glossary.csv: its host answered 500",
        "Wait.",
    )
    assert refresh(None) == older
    assert web.asked[-1] == Validators('"1"')
    assert copies.failure(TERMS) is None


def test_a_first_fetch_that_fails_raises(copies: WebCopies, refresh: Callable[..., Copy]) -> None:
    with pytest.raises(FetchError, match="answered 500"):
        refresh(failure())
    assert copies.failure(TERMS) is not None
    refresh(csv("one"))
    assert copies.failure(TERMS) is None


def test_another_format_replaces_the_copy(refresh: Callable[..., Copy]) -> None:
    assert refresh(csv("one"), SAILS).path.name == "sails.csv"
    found = refresh(csv("{}", suffix=".json"), SAILS)
    assert sorted(path.name for path in found.path.parent.iterdir()) == [
        "fetched.json",
        "sails.json",
    ]


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"name": 1, "etag": "", "modified": ""}'])
def test_a_damaged_record_means_that_the_file_is_fetched_again(
    web: Web, refresh: Callable[..., Copy], damage: str
) -> None:
    record = refresh(csv("one", '"1"')).path.with_name("fetched.json")
    record.write_text(damage)
    refresh(csv("one", '"1"'))
    assert web.asked[-1] == Validators()


def test_a_record_leads_to_no_other_folder(refresh: Callable[..., Copy], tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("x")
    record = refresh(csv("one", '"1"')).path.with_name("fetched.json")
    content = json.loads(record.read_text()) | {"name": "../../outside.csv"}
    record.write_text(json.dumps(content))
    with pytest.raises(FetchError):
        refresh(failure())


def test_the_validators_of_another_content_are_not_sent(
    web: Web, refresh: Callable[..., Copy]
) -> None:
    """A crash may leave a new file with the record of the old one."""
    refresh(csv("one", '"1"')).path.write_text("two")
    refresh(failure())
    assert web.asked[-1] == Validators()


def test_a_copy_that_cannot_be_stored_is_reported(
    tmp_path: Path, refresh: Callable[..., Copy]
) -> None:
    (tmp_path / "web").write_text("a file in the way")
    with pytest.raises(FetchError, match=r"glossary\.csv: cannot be stored: "):
        refresh(csv("one"))


def test_copies_of_removed_sources_are_deleted(
    copies: WebCopies, refresh: Callable[..., Copy]
) -> None:
    terms, sails = refresh(csv("one")), refresh(csv("two"), SAILS)
    copies.keep_only(["/some/folder", SAILS.path])
    assert not terms.path.parent.exists()
    assert sails.path.exists()
    copies.keep_only([])
    copies.keep_only([])
    assert not sails.path.exists()


def test_a_host_that_is_not_allowed_any_more_is_a_failure(web: Web, copies: WebCopies) -> None:
    web.hosts = ()
    found = copies.failure(TERMS)
    assert found is not None
    assert "NEARSAY_SOURCE_HOSTS lists no hosts" in found.message
    assert copies.failure(Source("odd", "https://a b/")) is not None
