"""The verbs of `/near-admin` by which entries are written and suggestions decided on."""

from __future__ import annotations

from bot.forms import Option, Verb

_YES = Option("yes", "", "do it without asking")

EDITING_VERBS = (
    Verb(
        "add",
        "TERM [= DEFINITION]",
        "write a new entry; with a definition it is saved at once, unless another says the same",
        (_YES,),
        ("/near-admin add Zeppelin = A rigid airship.",),
    ),
    Verb(
        "edit",
        "TERM [= DEFINITION]",
        "change an entry, one of an imported glossary too; with a definition it takes the place of "
        "the old one",
        (_YES,),
        ("/near-admin edit RAG",),
    ),
    Verb(
        "remove",
        "TERM",
        "remove an entry; without --yes, what would go is only said",
        (_YES,),
        ("/near-admin remove Zeppelin --yes",),
    ),
    Verb(
        "undo",
        "[TERM]",
        "take back the last change of an entry, or your own last one",
        (Option("change", "12", "only while that is its last change", (1, 999_999_999)),),
        ("/near-admin undo",),
    ),
    Verb(
        "alias",
        "NEW = TERM",
        "another name for an entry",
        (),
        ("/near-admin alias airship = Zeppelin",),
    ),
    Verb(
        "phrase",
        "TERM = QUESTION",
        "make a question a search phrase of an entry: the entry is found by it, and nobody sees it",
        (),
        ("/near-admin phrase Zeppelin = what is the big balloon with a motor",),
    ),
    Verb(
        "history",
        "TERM",
        "who changed an entry when, and what; restore= makes it what it was after that change",
        (Option("restore", "12", "the number of a change", (1, 999_999_999)),),
        ("/near-admin history RAG", "/near-admin history RAG restore=12"),
    ),
    Verb(
        "put-back",
        "TERM",
        "make an entry what its glossary gives again",
        (),
        ("/near-admin put-back RAG",),
    ),
    Verb("suggestions", "", "what people suggest, and how to decide on it"),
    Verb(
        "approve",
        "ID",
        "show all of a suggestion, and with the digest shown there make it an entry",
        (Option("digest", "DIGEST", "only while it is as it was shown"),),
        ("/near-admin approve 1f2e3d4c",),
    ),
    Verb(
        "decline",
        "ID [REASON]",
        "decline a suggestion, with a reason for the one who made it",
        (),
        ("/near-admin decline 1f2e3d4c It is there as RAG.",),
    ),
)
