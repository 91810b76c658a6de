"""Nearsay at the terminal, with the real model and encyclopedia. The command line runs in this
process, or in a child process where that matters."""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import app
from index.embedding.embedder import SentenceEmbedder
from tests.conftest import MODEL
from tests.support.child_process import run_nearsay
from tests.support.command_line import CommandResult, run
from tests.support.static_model import save_static_model

pytestmark = pytest.mark.model

Nearsay = Callable[..., CommandResult]


@pytest.fixture
def nearsay(
    real_directory: Path,
    real_embedder: SentenceEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Nearsay:
    """Run the command line in an empty folder, with the bundled encyclopedia."""

    def embedder(name: str, *others: object) -> SentenceEmbedder:
        return real_embedder if name == MODEL else SentenceEmbedder(name, *others)  # type: ignore[arg-type]

    def here(
        *arguments: str, stdin: str = "", data: Path = real_directory, **env: str
    ) -> CommandResult:
        with monkeypatch.context() as patch:
            patch.setattr(app, "SentenceEmbedder", embedder)
            patch.setattr("sys.stdin", io.StringIO(stdin))
            patch.chdir(tmp_path)
            for name, value in {"NEARSAY_DATA_DIR": str(data), "COLUMNS": "80", **env}.items():
                patch.setenv(name, value)
            return run(capsys, *arguments)

    return here


@pytest.fixture
def own_directory(real_directory: Path, tmp_path: Path) -> Path:
    """Return a data directory used by one test only."""
    return Path(shutil.copytree(real_directory, tmp_path / "data"))


def test_near_json_lists_the_neighbours(nearsay: Nearsay) -> None:
    done = nearsay("say", "/near latent space", "--json")
    assert done.status == 0
    reply = done.reply
    assert reply["kind"] == "neighbours"
    assert reply["generation"].startswith("g0")
    assert reply["model"] == "all-MiniLM-L6-v2"
    assert reply["query"] == "latent space"
    assert not reply["sparse"]
    first, *rest = reply["neighbours"]
    assert (first["term"], first["match"], first["similarity"]) == ("Latent space", "exact", 1.0)
    assert "Variational autoencoder" in [neighbour["term"] for neighbour in rest]


def test_define_finds_a_misspelt_term(nearsay: Nearsay) -> None:
    done = nearsay("say", "/define temprature", "--json")
    reply = done.reply
    assert (done.status, reply["kind"], reply["match"]) == (0, "entry", "spelling")
    assert reply["note"] == 'You wrote "temprature"; the nearest name is Temperature.'
    entry = reply["entry"]
    assert entry["term"] == "Temperature"
    for part in ("definition", "sections", "example", "related", "faq", "references"):
        assert entry[part], part
    assert len(entry["updated"]) == len("2026-01-31")


def test_text_reply_fits_eighty_columns_and_is_all_of_stdout(nearsay: Nearsay) -> None:
    done = nearsay("say", "/near", "how", "do", "I", "cut", "long", "files")
    assert done.status == 0
    assert done.err == ""
    assert done.out.startswith('Near "how do I cut long files"')
    for line in done.out.splitlines():
        assert len(line) <= 80
        assert line == line.rstrip()
    assert "Chunking" in done.out


def test_chat_answers_each_line_with_a_json_object(nearsay: Nearsay) -> None:
    done = nearsay("chat", "--json", stdin="help\n/define qwzx\n")
    replies = [json.loads(line) for line in done.out.splitlines()]
    assert [one["kind"] for one in replies] == ["help", "problem"]
    assert replies[0]["hint"] == "/new starts a new thread."
    assert done.status == 1


def test_plain_lines_are_questions_and_follow_ups(nearsay: Nearsay) -> None:
    lines = (
        "why does the model make things up",
        "example?",
        "how does it differ from fine-tuning?",
    )
    done = nearsay("chat", "--json", stdin="\n".join(lines))
    assert done.status == 0
    answer, example, difference = map(json.loads, done.out.splitlines())
    assert {reply["kind"] for reply in (answer, example, difference)} == {"answer"}
    assert [place["term"] for place in answer["citations"]][:1] == ["Hallucination"]
    assert answer["confidence"] in ("sure", "quite sure")
    assert len(answer["follow_ups"]) == 2
    assert [(p["term"], p["heading"]) for p in example["citations"]] == [
        ("Hallucination", "Example")
    ]
    terms = {place["term"] for place in difference["citations"]}
    assert {"Hallucination", "Fine-tuning"} <= terms


def test_new_thread_starts_without_history(nearsay: Nearsay) -> None:
    lines = "what is RAG\n/new\nmore\n"
    done = nearsay("chat", "--json", stdin=lines)
    first, new, more = map(json.loads, done.out.splitlines())
    assert first["citations"][0]["term"] == "Retrieval-augmented generation"
    assert new["kind"] == "new_thread"
    assert (more["kind"], more["answered"], more["citations"]) == ("answer", False, [])


def test_answer_has_citations_and_suggestions(nearsay: Nearsay) -> None:
    done = nearsay("say", "what does LoRA stand for?")
    assert done.status == 0
    assert done.out.startswith("LoRA stands for Low-rank adaptation.")
    assert "Low-rank adaptation › Definition" in done.out
    assert 'Next: "' in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())


def test_unanswerable_question_gets_an_abstention_and_status_zero(nearsay: Nearsay) -> None:
    done = nearsay("say", "how long do I roast a chicken?")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("No entry covers this.")
    assert "Nearest: " not in done.out
    assert "Next: " not in done.out


def test_stdin_lines_with_invalid_utf8_are_answered_in_order(real_directory: Path) -> None:
    lines = b"/define RAG\n\n/near caf\xe9 token\n"
    done = run_nearsay(stdin=lines, data=real_directory)
    assert done.returncode == 0
    assert done.stdout.index("Retrieval-augmented generation") < done.stdout.index('Near "caf')
    asked = "/define \udcff temperature \udcfe"
    done = run_nearsay("say", asked, "--json", data=real_directory)
    assert json.loads(done.stdout)["entry"]["term"] == "Temperature"


def test_index_is_built_only_on_first_use(
    first_use: subprocess.CompletedProcess[str], nearsay: Nearsay
) -> None:
    assert first_use.returncode == 0
    assert "first use only" in first_use.stderr
    assert "Writing the index" in first_use.stderr
    assert "Retrieval-augmented generation" in first_use.stdout
    again = nearsay("say", "/define RAG")
    assert (again.out, again.err) == (first_use.stdout, "")


def test_adding_a_page_does_not_embed_the_encyclopedia_again(
    nearsay: Nearsay, own_directory: Path, tmp_path: Path
) -> None:
    counts = nearsay("index", "--json", data=own_directory).reply
    assert (counts["kind"], counts["embedded"], counts["changed"]) == ("reindexed", 0, 0)
    pages = tmp_path / "team"
    pages.mkdir()
    (pages / "blue-folder.md").write_text(
        "---\nterm: Blue folder\n---\nWhere the team keeps contracts that await a signature.\n"
    )
    (pages / "bad.md").write_text("---\nterm: Red folder\n---\n")
    assert (
        nearsay("index", "--source", str(pages), "--dry-run", "--json", data=own_directory).reply[
            "added"
        ]
        == 1
    )
    done = nearsay("index", "--source", str(pages), "--json", data=own_directory)
    assert done.status == 0
    (refused,) = done.reply["sources"][1]["refused"]
    assert refused["path"].endswith("bad.md")
    assert refused["reason"] == "the definition is missing"
    found = nearsay("say", "/define blue folder", "--json", data=own_directory)
    assert found.reply["entry"]["id"] == "team/blue-folder"


def test_error_names_the_invalid_setting_or_missing_model(nearsay: Nearsay) -> None:
    done = nearsay("say", "/near x", NEARSAY_MODLE="x", NEARSAY_LOG_LEVEL="loud")
    assert done.status == 1
    assert "NEARSAY_MODLE is not a setting. Did you mean NEARSAY_MODEL?" in done.complaint
    assert "NEARSAY_LOG_LEVEL must be one of DEBUG" in done.complaint
    done = nearsay("say", "/near a text that is no name", NEARSAY_MODEL="no/such")
    assert done.status == 1
    assert 'The model "no/such" is not a folder' in done.complaint


@pytest.mark.parametrize("arguments", [["nonsense"], ["say"], ["index", "--unknown"]])
def test_wrong_usage_exits_with_status_two(nearsay: Nearsay, arguments: list[str]) -> None:
    done = nearsay(*arguments)
    assert done.status == 2
    assert "Usage: nearsay" in done.err


def test_exploring_commands_reply_in_text_and_json(nearsay: Nearsay) -> None:
    line = "/latent path Embedding -> Hallucination"
    answer = nearsay("say", line)
    assert answer.status == 0
    assert answer.out.startswith('From "Embedding" to "Hallucination" in ')
    assert answer.out.count("(the longest step)") == 1
    reply = nearsay("say", line, "--json").reply
    assert reply["kind"] == "path"
    assert [reply["hops"][at]["term"] for at in (0, -1)] == ["Embedding", "Hallucination"]
    weakest = reply["hops"][reply["weakest"]]["similarity"]
    assert weakest == min(hop["similarity"] for hop in reply["hops"][1:])


@pytest.mark.slow
def test_models_command_shows_two_models_side_by_side(nearsay: Nearsay, tmp_path: Path) -> None:
    line = "/latent models split a document into parts"
    answer = nearsay("say", line)
    assert answer.status == 0
    heads = [text for text in answer.out.splitlines() if text.startswith("all-MiniLM-L6-v2  ")]
    assert [head.split("  ")[-1].strip() for head in heads] == ["LSA of this index"]
    assert " Chunking " in answer.out
    save_static_model(tmp_path / "tiny", ["document", "part", "parts", "split"])
    models = f"lsa,{tmp_path / 'tiny'}"
    reply = nearsay("say", line, "--json", NEARSAY_MODELS=models).reply
    named = [view["model"] for view in reply["models"]]
    assert named == ["all-MiniLM-L6-v2", "LSA of this index", "tiny"]
    assert all(len(view["neighbours"]) == 10 for view in reply["models"])
    assert 0 < reply["overlap"] < 1


def test_tone_is_applied_to_a_prompt(nearsay: Nearsay) -> None:
    line = "/latent shift Write a product description for this moisturizer. tone=premium"
    reply = nearsay("say", line, "--json").reply
    assert (reply["kind"], reply["tone"]) == ("shift", "premium")
    assert reply["tipping"]["into"] == "luxury and elegance"
    assert 0 < reply["tipping"]["share"] < 1
    wrong = nearsay("say", line.replace("premium", "loud"))
    assert (wrong.status, wrong.out) == (1, "")
    assert "more formal, warmer" in " ".join(wrong.err.split())
