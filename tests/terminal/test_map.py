"""Draw maps at the command line, with the bundled encyclopedia and the real model."""

import struct
from pathlib import Path

import pytest

from tests.terminal.test_terminal import Nearsay, nearsay

__all__ = ["nearsay"]

pytestmark = pytest.mark.model


def size_of(file: Path) -> tuple[int, int]:
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_map_is_saved_in_the_working_directory_and_described(
    nearsay: Nearsay, tmp_path: Path
) -> None:
    done = nearsay("map")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("The map: 374 entries\n")
    assert size_of(tmp_path / "nearsay-map.png") == (1_600, 1_000)
    assert "Picture:" in done.out
    assert "nearsay-map.png" in done.out.replace("\n", "")
    assert "\x1b" not in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_map_page_shows_an_out_of_domain_text(nearsay: Nearsay, tmp_path: Path) -> None:
    arguments = ("roast chicken recipe", "--theme", "dark", "--out", "a.png", "--html", "a.html")
    done = nearsay("map", *arguments, "--json")
    reply = done.reply
    assert (done.status, reply["kind"], reply["theme"]) == (0, "map", "dark")
    assert reply["here"]["sparse"]
    assert reply["here"]["neighbourhood"] == ""
    assert "roast chicken recipe" in reply["alt"]
    assert size_of(Path(reply["image"])) == (1_600, 1_000)
    page = Path(reply["page"]).read_text(encoding="utf-8")
    assert "roast chicken recipe" in page
    assert len(page) < 5_000_000


def test_map_of_one_category_shows_only_its_entries(nearsay: Nearsay, real_directory: Path) -> None:
    done = nearsay("say", "/latent map RAG in:retrieval", "--json")
    reply = done.reply
    assert done.status == 0
    assert reply["within"].startswith("Retrieval")
    assert reply["here"]["text"] == "RAG"
    assert reply["here"]["nearest"]
    assert Path(reply["image"]).parent == real_directory / "maps"
    names = [region["name"] for region in reply["neighbourhoods"]]
    assert all(names)
    for region in reply["neighbourhoods"]:
        assert {"id", "term", "category", "similarity"} == set(region["entries"][0])


@pytest.mark.parametrize(
    ("arguments", "status", "expected"),
    [
        (("--in", "nowhere"), 1, 'There is no category or neighbourhood "nowhere".'),
        (("--theme", "blue"), 2, "'blue' is not one of"),
    ],
)
def test_invalid_map_arguments_are_reported(
    nearsay: Nearsay, arguments: tuple[str, ...], status: int, expected: str
) -> None:
    done = nearsay("map", *arguments)
    assert (done.status, done.out) == (status, "")
    assert expected in done.err
