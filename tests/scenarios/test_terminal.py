"""Nearsay as a person in a terminal meets it: the real command line, model and encyclopedia."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Command
from tests.support.static_model import save_static_model

pytestmark = pytest.mark.model

NEIGHBOUR = {
    "id": str,
    "term": str,
    "category": str,
    "similarity": float,
    "rank": int,
    "aliases": list,
    "cosine": float,
    "percentile": float,
    "band": str,
    "match": str,
    "definition": str,
    "passage": dict,
    "related": list,
    "source": str,
}


def test_near_in_json_keeps_the_contract(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("say", "/near latent space", "--json", data=real_directory)
    assert done.returncode == 0
    reply = json.loads(done.stdout)
    assert reply["kind"] == "neighbours"
    assert reply["generation"].startswith("g0")
    assert reply["model"] == "all-MiniLM-L6-v2"
    assert reply["query"] == "latent space"
    assert not reply["sparse"]
    first, *rest = reply["neighbours"]
    assert (first["term"], first["match"], first["similarity"]) == ("Latent space", "exact", 1.0)
    assert "Variational autoencoder" in [neighbour["term"] for neighbour in rest]
    for neighbour in reply["neighbours"]:
        for name, kind in NEIGHBOUR.items():
            assert isinstance(neighbour[name], kind), name
            assert neighbour[name] != "", name
        assert set(neighbour["passage"]) == {"kind", "heading", "text"}
        assert "url" in neighbour


def test_a_question_without_the_term_finds_it(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("say", "/near why does the model make things up", "--json", data=real_directory)
    found = [neighbour["term"] for neighbour in json.loads(done.stdout)["neighbours"]]
    assert "Hallucination" in found[:3]


def test_define_finds_a_misspelt_term(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("say", "/define temprature", "--json", data=real_directory)
    reply = json.loads(done.stdout)
    assert (done.returncode, reply["kind"], reply["match"]) == (0, "entry", "spelling")
    entry = reply["entry"]
    assert entry["term"] == "Temperature"
    for part in ("definition", "sections", "example", "related", "faq", "references"):
        assert entry[part], part
    assert len(entry["updated"]) == len("2026-01-31")


def test_define_of_nothing_is_a_problem_with_a_way_on(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "/define qwzx", "--json", data=real_directory)
    reply = json.loads(done.stdout)
    assert (done.returncode, reply["kind"], reply["code"]) == (1, "problem", "not_found")
    assert reply["hint"]


def test_a_problem_in_words_goes_to_standard_error(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("say", "/near", data=real_directory)
    assert (done.returncode, done.stdout) == (1, "")
    assert "/near needs a text" in done.stderr


def test_text_fits_eighty_columns_and_standard_output_is_the_reply_alone(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "/near", "how", "do", "I", "cut", "long", "files", data=real_directory)
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith('Near "how do I cut long files"')
    for line in done.stdout.splitlines():
        assert len(line) <= 80
        assert line == line.rstrip()
    assert "Chunking" in done.stdout


def test_lines_of_standard_input_are_answered_in_turn(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay(stdin="/define RAG\n\n/near token\n", data=real_directory)
    assert done.returncode == 0
    assert done.stdout.index("Retrieval-augmented generation") < done.stdout.index('Near "token"')


def test_json_lines_answer_json_lines(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("chat", "--json", stdin="help\n/define qwzx\n", data=real_directory)
    kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
    assert kinds == ["help", "problem"]
    assert done.returncode == 1


def test_a_line_that_is_no_command_is_a_question_and_the_next_lean_on_it(
    nearsay: Command, real_directory: Path
) -> None:
    lines = (
        "why does the model make things up",
        "example?",
        "how does it differ from fine-tuning?",
    )
    done = nearsay("chat", "--json", stdin="\n".join(lines), data=real_directory)
    assert done.returncode == 0
    answer, example, difference = map(json.loads, done.stdout.splitlines())
    assert {reply["kind"] for reply in (answer, example, difference)} == {"answer"}
    assert [place["term"] for place in answer["citations"]][:1] == ["Hallucination"]
    assert answer["confidence"] in ("sure", "quite sure")
    assert len(answer["follow_ups"]) == 2
    assert [(p["term"], p["heading"]) for p in example["citations"]] == [
        ("Hallucination", "Example")
    ]
    terms = {place["term"] for place in difference["citations"]}
    assert {"Hallucination", "Fine-tuning"} <= terms


def test_a_new_thread_leans_on_nothing(nearsay: Command, real_directory: Path) -> None:
    lines = "what is RAG\n/new\nmore\n"
    done = nearsay("chat", "--json", stdin=lines, data=real_directory)
    first, new, more = map(json.loads, done.stdout.splitlines())
    assert first["citations"][0]["term"] == "Retrieval-augmented generation"
    assert new["kind"] == "new_thread"
    assert (more["kind"], more["answered"], more["citations"]) == ("answer", False, [])


def test_an_answer_says_where_it_is_from_and_what_to_ask_next(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "what does LoRA stand for?", data=real_directory)
    assert done.returncode == 0
    assert done.stdout.startswith("LoRA stands for Low-rank adaptation.")
    assert "Low-rank adaptation › Definition" in done.stdout
    assert 'Next: "' in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_what_nothing_answers_is_declined_and_is_no_problem(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "how long do I roast a chicken?", data=real_directory)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("No entry covers this.")
    assert "Nearest: " in done.stdout
    assert "Next: " not in done.stdout


NASTY = {
    "empty": "",
    "spaces": "   ",
    "40,000 characters": "x" * 40_000,
    "NUL": "/near tem\0perature",
    "escape codes": "/near \x1b[31mred\x1b[0m \x1b]0;title\x07 token",
    "entities": "/near &lt;b&gt;retrieval &amp; generation&lt;/b&gt;",
    "curly quotes": "/define “temperature”",
    "emoji": "/near 🙂🙃 why so random 🎲",
    "only emoji": "/near 🎲",
    "right to left": "/near \u202egnidaer",
    "zero width": "/near \u200b\u200b",
    "markup": "/near [bold red]loud[/bold red] [link=file:///etc/passwd]x[/link]",
    "another script": "/near что такое токен",
}


def test_nasty_lines_give_a_reply_or_a_clear_sentence(
    nearsay: Command, real_directory: Path
) -> None:
    lines = "\n".join(NASTY.values()) + "\n"
    done = nearsay("chat", stdin=lines, data=real_directory)
    for text in (done.stdout, done.stderr):
        assert "\x1b" not in text
        assert "\0" not in text
        assert "\u202e" not in text
        assert "Traceback" not in text
        assert "went wrong here" not in text
    assert done.stdout.count('Near "') + done.stdout.count("Nothing here is near") >= 7
    assert "[bold red]loud[/bold red]" in done.stdout


def test_a_lone_surrogate_in_an_argument_is_read_as_text(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "/define \udcff temperature \udcfe", "--json", data=real_directory)
    assert json.loads(done.stdout)["entry"]["term"] == "Temperature"


def test_bytes_that_are_no_utf8_are_answered(nearsay: Command, real_directory: Path) -> None:
    done = nearsay("chat", stdin=b"/near caf\xe9 token\n", data=real_directory)
    assert done.returncode == 0


def test_the_first_use_builds_the_index_and_later_ones_do_not(
    first_use: subprocess.CompletedProcess[str], nearsay: Command, real_directory: Path
) -> None:
    assert first_use.returncode == 0
    assert "first use only" in first_use.stderr
    assert "Writing the index" in first_use.stderr
    assert "Retrieval-augmented generation" in first_use.stdout
    again = nearsay("say", "/define RAG", data=real_directory)
    assert (again.stdout, again.stderr) == (first_use.stdout, "")


def test_an_unchanged_encyclopedia_is_not_embedded_again(
    nearsay: Command, real_directory: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(real_directory, data)
    counts = json.loads(nearsay("index", "--json", data=data).stdout)
    assert (counts["kind"], counts["embedded"], counts["changed"]) == ("reindexed", 0, 0)


def test_a_page_of_ones_own_is_indexed_beside_the_encyclopedia(
    nearsay: Command, real_directory: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(real_directory, data)
    pages = tmp_path / "team"
    pages.mkdir()
    (pages / "blue-folder.md").write_text(
        "---\nterm: Blue folder\n---\nWhere the team keeps contracts that await a signature.\n"
    )
    (pages / "bad.md").write_text("---\nterm: Red folder\n---\n")
    planned = nearsay("index", "--source", str(pages), "--dry-run", "--json", data=data)
    assert json.loads(planned.stdout)["added"] == 1
    done = nearsay("index", "--source", str(pages), "--json", data=data)
    assert done.returncode == 0
    (refused,) = json.loads(done.stdout)["sources"][1]["refused"]
    assert refused["path"].endswith("bad.md")
    assert refused["reason"] == "the definition is missing"
    found = nearsay("say", "/define blue folder", "--json", data=data)
    assert json.loads(found.stdout)["entry"]["id"] == "team/blue-folder"


def test_settings_that_cannot_be_read_are_named_all_at_once(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay(
        "say",
        "/near x",
        data=real_directory,
        NEARSAY_MODLE="x",
        NEARSAY_LOG_LEVEL="loud",
    )
    assert done.returncode == 1
    assert "NEARSAY_MODLE is no setting. Is NEARSAY_MODEL meant?" in done.stderr
    assert "NEARSAY_LOG_LEVEL is one of DEBUG" in done.stderr


def test_a_model_that_is_not_there_is_a_clear_sentence(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay(
        "say", "/near a text that is no name", data=real_directory, NEARSAY_MODEL="no/such"
    )
    assert done.returncode == 1
    assert 'The model "no/such" is no folder here' in done.stderr


def test_help_needs_none_of_the_heavy_libraries() -> None:
    code = (
        "import sys, runpy; sys.argv = ['nearsay', '--help']\n"
        "try: runpy.run_module('bot', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numpy', 'rich', 'chromadb', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage: nearsay" in done.stdout


@pytest.mark.on_files
def test_one_line_needs_no_heavy_library_and_no_network(real_directory: Path) -> None:
    code = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.sendto'):\n"
        "        raise SystemExit(f'network: {event} {arguments}')\n"
        "sys.addaudithook(watch)\n"
        "from bot.__main__ import main\n"
        "status = main(['say', *sys.argv[1:]])\n"
        "heavy = ('chromadb', 'markdown_it', 'scipy', 'sentence_transformers',\n"
        "         'sqlalchemy.dialects.postgresql', 'torch', 'yaml', 'bot.latent.exploring')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)\n"
        "raise SystemExit(status)"
    )
    for line, loaded in (("/define RAG", []), ("/near why so random today", ["scipy"])):
        done = subprocess.run(
            [sys.executable, "-c", code, line],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
            env={"NEARSAY_DATA_DIR": str(real_directory), "PATH": "/usr/bin:/bin", "HOME": "/tmp"},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.strip() == str(loaded)


@pytest.mark.parametrize("arguments", [["nonsense"], ["say"], ["index", "--unknown"]])
def test_wrong_usage_has_status_two(
    nearsay: Command, real_directory: Path, arguments: list[str]
) -> None:
    done = nearsay(*arguments, data=real_directory)
    assert done.returncode == 2
    assert "Usage: nearsay" in done.stderr


def test_the_space_is_explored_in_text_and_in_json(nearsay: Command, real_directory: Path) -> None:
    line = "/latent path Embedding -> Hallucination"
    told = nearsay("say", line, data=real_directory)
    assert told.returncode == 0
    assert told.stdout.startswith('From "Embedding" to "Hallucination" in ')
    assert told.stdout.count("(the longest step)") == 1
    reply = json.loads(nearsay("say", line, "--json", data=real_directory).stdout)
    assert reply["kind"] == "path"
    assert [reply["hops"][at]["term"] for at in (0, -1)] == ["Embedding", "Hallucination"]
    weakest = reply["hops"][reply["weakest"]]["similarity"]
    assert weakest == min(hop["similarity"] for hop in reply["hops"][1:])


@pytest.mark.slow
def test_two_models_stand_beside_each_other(
    nearsay: Command, real_directory: Path, tmp_path: Path
) -> None:
    line = "/latent models split a document into parts"
    told = nearsay("say", line, data=real_directory)
    assert told.returncode == 0
    heads = [text for text in told.stdout.splitlines() if text.startswith("all-MiniLM-L6-v2  ")]
    assert [head.split("  ")[-1].strip() for head in heads] == ["LSA of this index"]
    assert " Chunking " in told.stdout
    save_static_model(tmp_path / "tiny", ["document", "part", "parts", "split"])
    both = nearsay(
        *("say", line, "--json"), data=real_directory, NEARSAY_MODELS=f"lsa,{tmp_path / 'tiny'}"
    )
    reply = json.loads(both.stdout)
    named = [view["model"] for view in reply["models"]]
    assert named == ["all-MiniLM-L6-v2", "LSA of this index", "tiny"]
    assert all(len(view["neighbours"]) == 10 for view in reply["models"])
    assert 0 < reply["overlap"] < 1


def test_a_tone_is_put_on_a_prompt(nearsay: Command, real_directory: Path) -> None:
    line = "/latent shift Write a product description for this moisturizer. tone=premium"
    reply = json.loads(nearsay("say", line, "--json", data=real_directory).stdout)
    assert (reply["kind"], reply["tone"]) == ("shift", "premium")
    assert reply["tipping"]["into"] == "luxury and elegance"
    assert 0 < reply["tipping"]["share"] < 1
    wrong = nearsay("say", line.replace("premium", "loud"), data=real_directory)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "more formal, warmer" in " ".join(wrong.stderr.split())


def test_exploring_without_what_it_needs_is_wrong_use(
    nearsay: Command, real_directory: Path
) -> None:
    done = nearsay("say", "/latent compare dog", data=real_directory)
    assert (done.returncode, done.stdout) == (1, "")
    assert "two texts with a bar between them" in done.stderr
