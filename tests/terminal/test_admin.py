"""Run admin commands at the terminal, with a small encyclopedia and the toy embedder."""

import os
import sys
from pathlib import Path

import pytest

from index.storage import Store
from tests.support.command_line import Nearsay, write


def audit(data: Path) -> list[tuple[str, str, str, str | None]]:
    store = Store(data)
    records = store.ledger.audit.last(20)[::-1]
    store.close()
    return [(r.who, r.action, r.outcome, r.generation) for r in records]


def test_reindex_shows_counts_and_progress(nearsay: Nearsay, words: Path) -> None:
    write(words, "Mast", "A tall pole.")
    (words / "bad.md").write_text("---\nterm: Red\n---\n")
    planned = nearsay("admin", "reindex", "—dry-run")
    assert planned.out.startswith("A reindex would make these changes: 1 added, 0 changed")
    assert "bad.md" in planned.out.replace("\n", "")  # a long path is cut at the edge
    assert nearsay("admin", "reindex", "--dry-run", "--json").reply["kind"] == "plan"
    said = nearsay("say", "/near-admin", "reindex", "--dry-run", "--json")
    assert said.reply["kind"] == "plan"
    done = nearsay("admin", "reindex", "words", "--json")
    assert (done.status, done.reply["kind"], done.reply["added"]) == (0, "reindexed", 1)
    assert done.reply["churn"]["questions"] == 4
    assert {"question", "changed"} == set(done.reply["churn"]["worst"][0])
    assert "Embedding passages" in done.err
    assert "Comparing answers: 4" in done.err
    again = nearsay("admin", "reindex")
    assert again.out.startswith("Nothing changed: g000002 stays live, with 4 entries.")
    whole = nearsay("admin", "reindex", "--full", "--json").reply
    assert (whole["generation"], whole["reused"]) == ("g000003", 0)


def test_rollback_restores_text_and_pauses_reindexing_until_it_is_resumed(
    nearsay: Nearsay, words: Path, tmp_path: Path
) -> None:
    write(words, "Sail", "Cloth of many colours.")
    nearsay("admin", "reindex")
    assert "many colours" in nearsay("say", "/define sail").out
    back = nearsay("admin", "rollback")
    assert back.out.splitlines() == [
        "g000001 is live again, with 3 entries, in place of g000002.",
        "Scheduled reindexing is paused. To resume: /near-admin reindex --resume",
    ]
    assert "catches wind" in nearsay("say", "/define sail").out
    status = nearsay("admin", "status", "--json").reply
    assert (status["generation"], status["paused"]) == ("g000001", True)
    kept = nearsay("admin", "reindex", "--resume").out
    assert kept == "g000001 stays live. Scheduled reindexing resumes.\n"
    assert nearsay("admin", "reindex", "--resume").out == "g000001 stays live.\n"
    assert nearsay("admin", "status", "--json").reply["paused"] is False
    forth = nearsay("admin", "rollback", "g000002", "--json").reply
    assert (forth["kind"], forth["before"], forth["entries"]) == ("rolled_back", "g000001", 3)
    assert [line[1:] for line in audit(tmp_path / "data")[-4:]] == [
        ("rollback", "done", "g000001"),
        ("reindex --resume", "done", "g000001"),
        ("reindex --resume", "done", "g000001"),
        ("rollback g000002", "done", "g000002"),
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rollback", "g000009"], "There is no generation g000009."),
        (["rollback", "g000001"], "g000001 is already live."),
        (["rollback"], "No generation before g000001"),
        (["reindex", "nothing"], 'There is no source "nothing"'),
        (["reindex", "cancel"], "No reindex is running."),
        (["export", "as=doc"], 'There is no format "doc"'),
        (["export", "nothing"], 'There is no source "nothing"'),
    ],
)
def test_failed_command_is_audited_and_reported_on_stderr(
    nearsay: Nearsay, words: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    done = nearsay("admin", *arguments)
    assert (done.status, done.out) == (1, "")
    assert says in done.complaint
    assert audit(tmp_path / "data")[-1][1:] == (" ".join(arguments), "failed", "g000001")
    done = nearsay("admin", *arguments, "--json")
    assert (done.status, done.reply["kind"]) == (1, "problem")
    assert says in done.reply["message"]
    assert done.reply["hint"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["statsu"], "Did you mean status?"),
        (["log", "n=0"], "whole number from 1 to 100"),
        (["status", "now"], '"now" is not an option of status.'),
        ([], "needs a subcommand after it"),
    ],
)
def test_wrong_usage_has_exit_status_two(nearsay: Nearsay, arguments: list[str], says: str) -> None:
    done = nearsay("admin", *arguments)
    assert (done.status, done.out) == (2, "")
    assert says in done.complaint


def test_help_describes_all_verbs_or_a_single_verb(nearsay: Nearsay) -> None:
    assert "/near-admin reindex" in nearsay("admin", "--help").out
    one = nearsay("admin", "rollback", "--help")
    assert one.status == 0
    assert one.out.startswith("/near-admin rollback [GENERATION]")
    assert "reindex" not in one.out


@pytest.mark.parametrize("target", ["pages", "words.csv", "words.jsonl", "words.ttl"])
def test_export_can_be_imported(nearsay: Nearsay, words: Path, tmp_path: Path, target: str) -> None:
    done = nearsay("export", "--from", "words", str(tmp_path / target), "--json")
    assert (done.status, done.reply["kind"], done.reply["entries"]) == (0, "exported", 1)
    assert (done.reply["generation"], done.reply["model"]) == ("g000001", "toy")
    again = nearsay("export", "--from", "words", str(tmp_path / target))
    assert again.status == 1
    assert "already exists" in again.complaint
    nearsay("index", "--remove", "words")
    assert nearsay("say", "/define sail").status == 1
    assert nearsay("index", "--source", str(tmp_path / target)).status == 0
    assert "catches wind" in nearsay("say", "/define sail").out
    actions = [action for _, action, _, _ in audit(tmp_path / "data")]
    assert actions[1] == f"export --from words {tmp_path / target}"
    assert actions[3] == "index --remove words"


def test_chat_exports_to_the_data_directory(nearsay: Nearsay, words: Path, tmp_path: Path) -> None:
    reply = nearsay("admin", "export", "--json").reply
    assert reply["entries"] == 3
    file = Path(reply["path"])
    assert file.suffix == ".zip"
    assert file.is_relative_to(tmp_path / "data" / "exports")
    assert file.is_file()


def test_indexing_is_audited_except_dry_runs(nearsay: Nearsay, words: Path, tmp_path: Path) -> None:
    nearsay("index", "--dry-run")
    nearsay("index", "--full")
    nearsay("index", "--remove", "nothing")
    assert audit(tmp_path / "data") == [
        ("operator", f"index --source words={words}", "done", "g000001"),
        ("operator", "index --full", "done", "g000002"),
        ("operator", "index --remove nothing", "failed", "g000002"),
    ]


def test_site_has_only_what_everybody_may_read(
    nearsay: Nearsay, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    done = nearsay("export", "site", str(site), "--json")
    assert (done.status, done.reply["form"], done.reply["entries"]) == (0, "site", 3)
    assert "catches wind" in (site / "entries" / "words" / "sail.html").read_text()
    assert audit(tmp_path / "data")[-1][1] == f"export site {site}"
    monkeypatch.setenv("NEARSAY_READERS", "words=members")
    done = nearsay("export", "site", str(site))
    assert "".join(done.output.split()) == f"2entriesaswebpages:{site}"
    written = "".join(file.read_text() for file in site.rglob("*") if file.is_file())
    assert "Anchor" in written
    assert "Sail" not in written
    refused = nearsay("export", "--as", "site", "--from", "words", str(tmp_path / "words-site"))
    assert refused.status == 1
    assert "NEARSAY_READERS allows none" in refused.complaint
    assert not (tmp_path / "words-site").exists()


def test_vocabulary_is_exported_by_the_name_of_its_format(
    nearsay: Nearsay, words: Path, tmp_path: Path
) -> None:
    done = nearsay("export", "skos", str(tmp_path / "words.ttl"))
    assert "".join(done.output.split()) == f"3entriesasSKOS:{tmp_path / 'words.ttl'}"
    refused = nearsay("export", "skos", str(tmp_path / "words.rdf"))
    assert "Use a name that ends in" in refused.complaint


def test_format_is_given_once_and_by_a_known_name(nearsay: Nearsay, tmp_path: Path) -> None:
    for arguments in (("pages", "x"), ("site", "csv", "x"), ("--as", "csv", "site", "x")):
        done = nearsay("export", *arguments)
        assert done.status == 2, arguments
        assert "Usage:" in done.err
    assert "Give one of markdown, csv, jsonl, skos, site" in nearsay("export", "pages", "x").output
    assert not (tmp_path / "x").exists()


def test_export_to_an_unknown_suffix_is_refused(nearsay: Nearsay, tmp_path: Path) -> None:
    done = nearsay("export", str(tmp_path / "team.json"))
    assert done.status == 2
    assert '"team.json" ends in none of .csv, .jsonl and .ttl' in " ".join(done.err.split())
    assert not (tmp_path / "team.json").exists()
    assert nearsay("export", "--as", "markdown", str(tmp_path / "team.json")).status == 0


def test_reindex_compares_answers_to_the_configured_questions(
    nearsay: Nearsay, words: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    golden = tmp_path / "golden.txt"
    golden.write_text("\ufeffcloth in the wind\n\nan iron hook\n", encoding="utf-8")
    monkeypatch.setenv("NEARSAY_GOLDEN", str(golden))
    write(words, "Mast", "A tall pole.")
    assert nearsay("admin", "reindex", "--json").reply["churn"]["questions"] == 2
    monkeypatch.setenv("NEARSAY_GOLDEN", str(tmp_path / "none.txt"))
    done = nearsay("admin", "status")
    assert done.status == 1
    assert "NEARSAY_GOLDEN names" in done.err
    assert "No such file" in done.complaint


def test_commands_have_no_prefix_at_the_terminal(
    nearsay: Nearsay, words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEARSAY_COMMAND_PREFIX", "dev-")
    assert "Next: /define Sail" in nearsay("say", "/near sail").out
    assert nearsay("say", "/define Sail").status == 0
    assert "/near TEXT" in nearsay("say", "help").out
    empty = nearsay("say", "/near")
    assert "For example: /near" in empty.complaint
    assert empty.status == 2
    assert nearsay("admin", "/near-admin", "status").status == 0


def test_two_glossaries_of_one_name_are_refused(nearsay: Nearsay, words: Path) -> None:
    done = nearsay("index", "--source", str(words), "--source", "other/words.csv")
    assert (done.status, done.out) == (2, "")
    assert '--source has two glossaries named "words"' in done.complaint
    assert "write NAME=other/words.csv" in done.complaint
    done = nearsay("index", "--source", str(words), "--source", "terms.csv", "--name", "ours")
    assert (done.status, done.out) == (2, "")
    assert "--source NAME=PATH" in done.complaint


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode")
def test_file_with_an_undecodable_name_is_added(nearsay: Nearsay, tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.csv")
    file.write_text("term,definition\nMast,A tall pole.\n")
    done = nearsay("index", "--source", str(file))
    assert (done.status, "caf: 1 file, 1 entry" in done.output) == (0, True)
    assert "caf: 1 entry from 1 file" in nearsay("admin", "status").out


def test_file_of_an_unsupported_format_is_not_added(
    nearsay: Nearsay, words: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes").write_text("Sail: cloth.")
    done = nearsay("index", "--source", "notes")
    assert (done.status, done.out) == (1, "")
    assert "files without a suffix are not supported Supported suffixes: .csv" in done.complaint
    assert "notes" not in nearsay("admin", "status").out


def test_an_address_is_fetched_only_if_its_host_is_allowed(
    nearsay: Nearsay, words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = nearsay("index", "--source", "http://127.0.0.1/x.csv?key=sesame")
    assert (done.status, done.out) == (2, "")
    assert "--source has an address that does not start with https://" in done.complaint
    address = "https://127.0.0.1/x.csv?key=sesame"
    done = nearsay("index", "--source", address, "--name", "terms")
    assert (done.status, done.out) == (1, "")
    assert "127.0.0.1/x.csv: is not fetched, since NEARSAY_SOURCE_HOSTS lists" in done.complaint
    assert "To allow it, set NEARSAY_SOURCE_HOSTS=127.0.0.1" in done.complaint
    monkeypatch.setenv("NEARSAY_SOURCE_HOSTS", "127.0.0.1")
    refused = nearsay("index", "--source", address, "--name", "terms")
    assert (refused.status, refused.out) == (1, "")
    assert "an address that is not public" in refused.complaint
    log = nearsay("admin", "log")
    assert "index --source terms=127.0.0.1/x.csv" in log.out
    assert "sesame" not in done.complaint + refused.complaint + log.out


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ((), "SLACK_BOT_TOKEN and SLACK_APP_TOKEN"),
        (("SLACK_BOT_TOKEN",), "SLACK_APP_TOKEN"),
        (("SLACK_APP_TOKEN",), "SLACK_BOT_TOKEN"),
    ],
)
def test_serve_names_the_missing_tokens(
    nearsay: Nearsay, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], missing: str
) -> None:
    for name in given:
        monkeypatch.setenv(name, "x-1")
    done = nearsay("serve")
    assert (done.status, done.out) == (1, "")
    assert done.complaint == f'To serve Slack, set {missing} in .env (README, "In Slack").'
