import io
import unicodedata
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from bot.cli.console import show
from bot.replies.base import Reply
from index.entry import Detail, Entry, Mention, Related
from index.indexing.reindex import Plan
from index.search.explore.explorations import Models, ModelView, Shift, TippingPoint
from index.search.trial_results import Trial, TrialQuestion
from index.sources.files import Refusal
from index.sources.review import SharedName, SourceReview
from index.sources.source import SourceReport
from tests.unit.bot.samples import KINDS, entry_reply, explored, neighbour, neighbours, reply

EVIL = "a\x1b[31mb\x07c\x9b1md\u202ee\x00f\ud800g\u200bh\r\ni\tj"
WORDLESS = ("new thread", "forgotten")  # replies that contain no text from users or entries


def rendered(answer: Reply, width: int = 100) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, highlight=False, color_system=None)
    show(answer, console)
    return file.getvalue()


def assert_printable(text: str) -> None:
    """Check that lines fit, do not end in spaces, and have no control characters."""
    assert text.endswith("\n")
    for line in text.splitlines():
        assert cell_len(line) <= 80
        assert line == line.rstrip()
    kept = text.replace("\n", "").replace("\u200c", "").replace("\u200d", "")
    assert not {sign for sign in kept if unicodedata.category(sign) in ("Cc", "Cf", "Cs")}


@pytest.mark.parametrize("kind", KINDS)
def test_replies_of_every_kind_are_printable(kind: str) -> None:
    for text in (EVIL, "some words", "word " * 60, "x" * 300, "中文" * 100):
        assert_printable(rendered(reply(kind, text), width=200))
    for line in rendered(reply(kind, "some words " * 20), width=40).splitlines():
        assert cell_len(line) <= 40, "lines fit a narrow terminal"


def test_hits_take_one_line_each_in_a_narrow_terminal() -> None:
    hit = replace(neighbours("x"), neighbours=(neighbour("rope " * 9),))
    lines = rendered(hit, width=45)
    assert [line for line in lines.splitlines() if line.startswith(" 1  rope") and "▰" in line]
    hit = replace(neighbours("x"), neighbours=(neighbour("rope " * 20),))
    assert "▰" not in rendered(hit, width=45)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in WORDLESS])
def test_square_brackets_are_printed_verbatim(kind: str) -> None:
    assert "[b]x[/b]" in rendered(reply(kind, "[b]x[/b]"))


def test_entries_show_their_parts_in_order_and_no_empty_headings(
    snapshot: SnapshotAssertion,
) -> None:
    entry = Entry("x", "X", "A letter.")
    bare = replace(entry_reply("x"), match="exact", entry=entry, neighbours=(), also_in=())
    assert rendered(reply("entry", "Token")) == snapshot(name="short")
    whole = replace(entry_reply("Token"), whole=True, also_in=("encyclopedia",))
    assert rendered(whole) == snapshot(name="whole")
    assert rendered(bare) == snapshot(name="bare")


def test_related_terms_without_a_reason_share_a_line() -> None:
    related = (Related("Rope", "it is wound"), Related("Hook", ""), Related("Drum", ""))
    entry = Entry("winch", "Winch", "A winch.", related=related)
    lines = [
        line.strip() for line in rendered(replace(entry_reply("Winch"), entry=entry)).split("\n")
    ]
    assert lines[lines.index("- Rope: it is wound") + 1] == "- Hook, Drum"


def test_whole_entry_lists_details_that_the_line_leaves_out() -> None:
    details = tuple(Detail(f"Colour {number}", "red\x1b[31m") for number in range(20))
    entry = Entry("x", "X", "A letter.", owner="Ana", details=details)
    short = replace(entry_reply("x"), entry=entry, neighbours=(), also_in=())
    lines = rendered(short).splitlines()
    assert [line for line in lines if line.startswith("Owner: Ana · Colour 0: red")]
    assert "Colour 9" not in "".join(lines)
    assert "Whole entry: /define X whole=yes" in lines
    whole = rendered(replace(short, whole=True)).splitlines()
    at = whole.index("Details")
    assert whole[at + 1] == "Owner: Ana"
    assert [line.split(":")[0] for line in whole[at + 2 : at + 22]] == [one.name for one in details]
    assert "\x1b" not in "".join(whole)


def test_a_shift_names_the_word_at_which_it_crosses(snapshot: SnapshotAssertion) -> None:
    moved = explored("shift", "x")
    assert isinstance(moved, Shift)
    moved = replace(moved, before="a rope", after="a rope Premium.", from_neighbourhood="harbours")
    for tipping in (TippingPoint(0.4, "luxury", "Premium"), TippingPoint(0.4, "luxury", ""), None):
        assert rendered(replace(moved, tipping=tipping)) == snapshot


def test_models_are_listed_with_their_overlap(snapshot: SnapshotAssertion) -> None:
    anchor, buoy, crane = (
        Mention(name, name.title(), "", 0.5) for name in ("anchor", "buoy", "crane")
    )
    views = (
        ModelView("toy", "made up", 3, (anchor, buoy), 1.0, 1.0),
        ModelView("other", "made up", 3, (buoy, crane), 0.5, -0.25),
        ModelView("third", "made up", 3, (), 0, None),
    )
    models = explored("models", "rope")
    assert isinstance(models, Models)
    models = replace(models, overlap=0.25, rank_correlation=-0.25, models=views)
    assert rendered(models) == snapshot
    assert rendered(replace(models, models=views[:2])) == snapshot


def test_a_glossary_of_one_file_and_one_entry_is_counted_in_the_singular() -> None:
    report = SourceReport("office", "/srv/office", 1, 1, 1, 0, 0, (), "")
    result = reply("plan", "Hawser")
    assert isinstance(result, Plan)
    assert "office: 1 file, 1 entry\n" in rendered(replace(result, sources=(report,)))


def test_a_dry_run_begins_with_what_to_look_at_the_most_serious_first() -> None:
    refused = [Refusal("a.csv", line, "duplicate of line 2", kind="merged") for line in range(60)]
    refused.append(Refusal("a.csv", 70, '"Rope" is read, but it is long', kind="far longer"))
    report = SourceReport("office", "a.csv", 1, 5, 5, 0, 0, tuple(refused), "", ignored=("id",))
    shared = SharedName("PO", 7, ("Purchase order", "Product owner"))
    asked = TrialQuestion(
        "alias",
        "What is PO?",
        "Purchase order",
        "Product owner",
        "office",
        0.9,
        False,
        "PO: x.",
        True,
    )
    plan = Plan(
        added=5,
        changed=0,
        removed=0,
        unchanged=0,
        sources=(report,),
        reviews=(SourceReview("office", (shared,), ("Epoch",)),),
        trial=Trial(3_000, 2_000, True, (asked,)),
    )
    text = " ".join(rendered(plan).split())
    parts = (
        "To look at: 1 entry far longer than the others of its file, 60 rows merged",
        'a.csv:70: "Rope" is read, but it is long.',
        "… and 11 rows merged with others (--json lists all)",
        '"PO" names Purchase order, Product owner and 5 more',
        "not kept: id",
        "precedence over 1 term of the encyclopedia: Epoch",
        "A reindex would make these changes: 5 added",
        "office: 1 file, 5 entries",
        "1 question that people might ask",
        "only the first 2,000 of 3,000 entries",
        "1 What is PO? Product owner (office) 0.90 · made from Purchase order · hedged PO: x.",
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
