"""The command line; imported by nothing.

What a command does is in `bot.verbs`, which is imported once a command is given: help and wrong
usage need none of it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

VERSION = "0.1.0"
WRONG_USAGE = 2  # argparse's own
PRIVATE_UMASK = 0o077  # what is written, also by child processes, is for its owner alone


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status (0 answered, 1 a problem, 2 wrong usage)."""
    os.umask(PRIVATE_UMASK)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    options = _parsed(sys.argv[1:] if arguments is None else arguments)
    from bot.verbs import run

    return run(options)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the command line; those of an admin's verb are left to the grammar."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and options.verb == "admin":
        options.line += rest
    elif rest:
        _parser().parse_args(arguments)  # which says what is wrong
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nearsay",
        description="What's near this? Ask an encyclopedia of AI and prompting terms.",
        epilog="Without a command: serve Slack when its tokens are set, else chat here.",
    )
    parser.add_argument("--version", action="version", version=f"nearsay {VERSION}")
    verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", title="commands")

    chat = verbs.add_parser("chat", help="talk in the terminal, or answer lines of standard input")
    chat.add_argument("--json", action="store_true", help="one JSON object a reply")

    say = verbs.add_parser("say", help="answer one line")
    say.add_argument("line", nargs="+", help='such as "/near temperature"')
    say.add_argument("--json", action="store_true", help="the reply as one JSON object")

    index = verbs.add_parser("index", help="build the index anew where its sources have changed")
    index.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="PATH",
        help="a glossary to add: a file, a folder or a pattern (several allowed)",
    )
    index.add_argument("--name", help="what to call it, for from=NAME (default: the file's name)")
    index.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help="which column or key of it is which field, such as term=Wort (several allowed)",
    )
    index.add_argument(
        "--remove", action="append", default=[], metavar="NAME", help="a glossary to forget"
    )
    index.add_argument("--check", action="store_true", help="only check that all holds together")
    index.add_argument("--full", action="store_true", help="embed everything again")
    index.add_argument("--dry-run", action="store_true", help="only say what would change")
    index.add_argument("--json", action="store_true", help="the reply as one JSON object")

    admin = verbs.add_parser(
        "admin", help="the index, its entries, and what people suggest", add_help=False
    )
    admin.add_argument("line", nargs="*", metavar="VERB", help='such as "status" or "reindex"')
    admin.add_argument("--json", action="store_true", help="the reply as one JSON object")
    admin.add_argument(
        "--file", metavar="PATH", help="for add and edit: the page to save, - for standard input"
    )

    export = verbs.add_parser("export", help="write every entry to files that can be imported")
    export.add_argument(
        "--as",
        dest="form",
        choices=("markdown", "csv", "jsonl"),
        help="the form (default: by the ending of the file, Markdown for a folder)",
    )
    export.add_argument("--from", dest="source", metavar="NAME", help="only this glossary")
    export.add_argument("--overwrite", action="store_true", help="replace what is there")
    export.add_argument("--json", action="store_true", help="the reply as one JSON object")
    export.add_argument(
        "target",
        type=Path,
        help="a folder for Markdown pages, or a file that ends in .csv or .jsonl",
    )

    drawn = verbs.add_parser("map", help="draw the map of the neighbourhoods, with where a text is")
    drawn.add_argument("text", nargs="*", help="what to put on it; several with a | between them")
    drawn.add_argument(
        "--in", dest="within", metavar="NAME", help="only this category or neighbourhood"
    )
    drawn.add_argument("--theme", choices=("light", "dark"), help="default: light")
    drawn.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="the PNG file to draw (default: nearsay-map.png in the current folder)",
    )
    drawn.add_argument(
        "--html", type=Path, metavar="FILE", help="a page to explore, which needs no server"
    )
    drawn.add_argument("--json", action="store_true", help="the reply as one JSON object")

    _add_operating(verbs)

    serve = verbs.add_parser("serve", help="serve Slack until told to stop")
    serve.add_argument(
        "--mode",
        choices=("socket", "http"),
        help="how Slack is reached (default: by a socket where SLACK_APP_TOKEN is set)",
    )

    manifest = verbs.add_parser("manifest", help="print the app manifest to create the Slack app")
    manifest.add_argument("--mode", choices=("socket", "http"), help="default: socket")
    manifest.add_argument("--url", help="where Slack posts to over HTTP, …/slack/events")

    doctor = verbs.add_parser("doctor", help="say what is wrong with this installation")
    doctor.add_argument("--json", action="store_true", help="the result as one JSON object")

    bench = verbs.add_parser("bench", help="measure how well Nearsay does")
    benches = bench.add_subparsers(dest="bench", metavar="WHAT", title="what", required=True)
    _add_bench_search(
        benches.add_parser("search", help="retrieval, beside what one would use else")
    )
    _add_bench_answers(benches.add_parser("answers", help="whether answers cite the right entry"))
    _add_bench_golden(benches.add_parser("golden", help="questions whose right answers are known"))
    _add_bench_calibration(
        benches.add_parser("calibration", help="whether percentiles are what they say")
    )
    _add_bench_alike(
        benches.add_parser("alike", help="whether alike things are near, whatever words they share")
    )
    _add_bench_map(benches.add_parser("map", help="how far the map can be trusted"))
    return parser


def _add_operating(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands for the data directory and the ledger."""
    backup = verbs.add_parser(
        "backup", help="write what cannot be made again to a file, also while the bot serves"
    )
    backup.add_argument(
        "target", type=Path, metavar="FILE", help="the .tar.gz to write, or a folder for it"
    )
    backup.add_argument("--overwrite", action="store_true", help="replace a file that is there")

    restore = verbs.add_parser("restore", help="put a backup into the data directory")
    restore.add_argument("file", type=Path, metavar="FILE", help="what nearsay backup wrote")
    restore.add_argument(
        "--force",
        action="store_true",
        help="also where there is data; it is put aside, not deleted",
    )

    migrate = verbs.add_parser(
        "migrate", help="bring the tables of the ledger's database up to date"
    )
    migrate.add_argument("--to", metavar="VERSION", help="these tables, older ones too")
    migrate.add_argument(
        "--down", action="store_true", help="go back, and delete what older tables do not have"
    )


def _add_bench_search(search: argparse.ArgumentParser) -> None:
    search.description = "Measures retrieval on your documents: Nearsay and its peers in one run."
    search.add_argument(
        "--data",
        required=True,
        type=Path,
        metavar="DIR",
        help="a folder of BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv",
    )
    search.add_argument("--json", action="store_true", help="the result as one JSON object")
    search.add_argument(
        "--limit", type=_count, metavar="N", help="ask N of the queries, evenly spread over all"
    )
    search.add_argument(
        "--plot", type=Path, metavar="FILE", help="also draw bars into this PNG file"
    )


def _add_bench_answers(answers: argparse.ArgumentParser) -> None:
    answers.description = (
        "Asks the queries of judged sets, whose documents are indexed as entries: how often the "
        "search has the right entry first, and how often the answer cites it first."
    )
    answers.add_argument(
        "sets",
        nargs="+",
        type=Path,
        metavar="SET",
        help="a folder of BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv",
    )
    answers.add_argument(
        "--limit",
        type=_count,
        default=500,
        metavar="N",
        help="ask at most N queries of each set, drawn at random (default: 500)",
    )
    answers.add_argument(
        "--seed", type=_count, default=1, metavar="N", help="which queries are drawn (default: 1)"
    )
    answers.add_argument("--json", action="store_true", help="the result as one JSON object")


def _add_bench_golden(golden: argparse.ArgumentParser) -> None:
    golden.description = (
        "Asks questions whose right answers are known: those of a folder in the index, or those "
        "that come with Nearsay in a temporary index of the bundled encyclopedia."
    )
    golden.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="a folder of answerable.jsonl and unanswerable.jsonl (default: the bundled one)",
    )
    _add_half(golden, "question of each kind")
    golden.add_argument(
        "--requests",
        type=Path,
        metavar="FILE",
        help="more questions that nothing answers: one a line, or a BEIR queries.jsonl",
    )
    golden.add_argument("--json", action="store_true", help="the result as one JSON object")
    golden.add_argument(
        "--plot",
        type=Path,
        metavar="FILE",
        help="also draw how well emptiness is told into this PNG file",
    )


def _add_bench_calibration(calibration: argparse.ArgumentParser) -> None:
    calibration.description = (
        "Draws random pairs of the index that its calibration has not seen, and looks whether "
        "their percentiles are even."
    )
    calibration.add_argument(
        "--model",
        metavar="OTHER",
        help="a second sentence-transformers model, a name or a folder: how alike it orders them",
    )
    calibration.add_argument("--json", action="store_true", help="the result as one JSON object")


def _add_half(bench: argparse.ArgumentParser, what: str) -> None:
    bench.add_argument(
        "--half",
        choices=("tuning", "reporting", "both"),
        default="reporting",
        help=f"every other {what}, from the first or the second; or all of them "
        "(default: reporting)",
    )


def _add_bench_alike(alike: argparse.ArgumentParser) -> None:
    alike.description = (
        "Compares the similarities of judged pairs of short texts, class against class: synonyms "
        "and related terms should be nearer than a word in two senses."
    )
    alike.add_argument(
        "--data",
        type=Path,
        metavar="FILE",
        help="a .jsonl file of judged pairs (default: the bundled one)",
    )
    _add_half(alike, "pair of each class")
    alike.add_argument("--json", action="store_true", help="the result as one JSON object")


def _add_bench_map(bench: argparse.ArgumentParser) -> None:
    bench.description = (
        "Lays out the bundled encyclopedia and your glossaries as Nearsay does and in other ways: "
        "whether what is beside an entry on the map is truly near it."
    )
    bench.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="PATH",
        help="a glossary to lay out besides, as in nearsay index; may be given several times",
    )
    bench.add_argument("--json", action="store_true", help="the result as one JSON object")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and text.strip("0")):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
