"""The transcripts in README and the documentation are what Nearsay prints."""

from pathlib import Path

import pytest

from index.embedding.embedder import SentenceEmbedder
from tests.transcripts import ROOT, blocks_of, filled, pages, without_figures

pytestmark = [pytest.mark.model, pytest.mark.on_files]
STALE = "run: .venv-test/bin/python -m tests.transcripts (make docs does so too)"
TOLERANCE = 0.011


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_transcripts_are_what_is_printed(
    page: Path, real_directory: Path, real_embedder: SentenceEmbedder
) -> None:
    text = page.read_text(encoding="utf-8")
    written, numbers = without_figures(text)
    printed, measured = without_figures(filled(text, real_directory, real_embedder))
    assert written == printed, STALE
    assert measured == pytest.approx(numbers, abs=TOLERANCE), STALE


def test_front_page_has_no_transcript_without_a_marker() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    marked = "".join(block.text for block in blocks_of(text))
    typed = [line for line in text.splitlines() if line.startswith(("> /", "$ nearsay", ">>> "))]
    assert typed
    assert [line for line in typed if line not in marked] == []


def test_changed_output_is_replaced(real_directory: Path, real_embedder: SentenceEmbedder) -> None:
    page = "<!-- transcript -->\n```\n> hello\nGood evening.\n```\n"
    text = filled(page, real_directory, real_embedder)
    assert "Good evening." not in text
    assert "Hello. Ask what a term means" in text
