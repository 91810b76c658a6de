"""The verbs of `/near-admin` that edit entries and decide on suggestions."""

from bot.commands.spec import Option, Verb

_YES = Option("yes", "", "skip the confirmation")

EDITING_VERBS = (
    Verb(
        "add",
        "TERM [= DEFINITION]",
        "write a new entry; with a definition it is saved at once, unless it duplicates another",
        (_YES,),
        ("/near-admin add Zeppelin = A rigid airship.",),
    ),
    Verb(
        "edit",
        "TERM [= DEFINITION]",
        "change an entry, also one of an imported glossary; a definition replaces the old one",
        (_YES,),
        ("/near-admin edit RAG",),
        ("/near-admin edit {0}",),
    ),
    Verb(
        "remove",
        "TERM",
        "remove an entry; without --yes it only shows what would be removed",
        (_YES,),
        ("/near-admin remove Zeppelin --yes",),
    ),
    Verb(
        "undo",
        "[TERM]",
        "undo the last change to an entry, or your own last change",
        (Option("change", "12", "only if this change is the latest", (1, 999_999_999)),),
        ("/near-admin undo",),
    ),
    Verb(
        "phrase",
        "TERM = QUESTION",
        "add a search phrase to an entry: it helps the search and is never shown",
        (),
        ("/near-admin phrase Zeppelin = what is the big balloon with a motor",),
    ),
    Verb(
        "history",
        "TERM",
        "the changes to an entry; restore=12 returns it to its state after change 12, restore=0 to "
        "the text of its glossary",
        (Option("restore", "12", "the number of a change, or 0", (0, 999_999_999)),),
        ("/near-admin history RAG", "/near-admin history RAG restore=12"),
        ("/near-admin history {0}", "/near-admin history {0} restore=12"),
    ),
    Verb(
        "ways",
        "SOURCE",
        "the ways to ask that a language model or users' questions proposed for the entries of a "
        "source, twenty at a time; with numbers it decides on them",
        (
            Option("accept", "1,3-5", "make these ways search phrases; or accept=all"),
            Option("refuse", "2", "refuse these ways; or refuse=all"),
        ),
        ("/near-admin ways words", "/near-admin ways words accept=1,3-5 refuse=2"),
    ),
    Verb("suggestions", "", "the suggestions waiting for a decision"),
    Verb(
        "approve",
        "ID",
        "show a suggestion in full; with the digest shown there, publish it as an entry",
        (Option("digest", "DIGEST", "only if the suggestion has not changed since"),),
        ("/near-admin approve 1f2e3d4c",),
    ),
    Verb(
        "decline",
        "ID [REASON]",
        "decline a suggestion, with a reason for its author",
        (),
        ("/near-admin decline 1f2e3d4c It exists as RAG.",),
        ("/near-admin decline 1f2e3d4c It exists as {0}.",),
    ),
)
