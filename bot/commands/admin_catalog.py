"""The verbs of `/near-admin`."""

from bot.commands.defaults import AUDITED, GAPS
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

ADMIN_VERBS = (
    Verb(
        "status",
        "",
        "the live index, its sources, the number of recent questions, and problems",
    ),
    Verb(
        "reindex",
        "[NAME]",
        "read all sources, or the named one, and embed the changes; reindex cancel stops it",
        (
            Option("full", "", "embed everything again"),
            Option("dry-run", "", "only show what would change"),
            Option("confirm", "", "also if a source loses most of its entries"),
            Option("resume", "", "only resume the schedule that a rollback paused"),
        ),
        ("/near-admin reindex", "/near-admin reindex cancel"),
    ),
    Verb("generations", "", "the index generations, and which ones you can roll back to"),
    Verb(
        "rollback",
        "[GENERATION]",
        "roll back to the previous generation, or to the named one",
        (Option("from", "GENERATION", "only if this generation is live"),),
        ("/near-admin rollback", "/near-admin rollback g000012"),
    ),
    Verb(
        "export",
        "[NAME]",
        "all entries, or those of one source, as a file",
        (
            Option(
                "as",
                "FORM",
                "markdown, csv or jsonl (markdown when not given)",
                synonyms=("form", "format"),
            ),
            Option("questions", "yes", "also search phrases that were questions of users"),
        ),
        ("/near-admin export as=csv",),
    ),
    Verb(
        "log",
        "",
        "the audit log: the actions of admins, and refusals",
        (
            Option("n", "20", f"how many, 1 to 100 ({AUDITED} when not given)", (1, 100)),
            Option("outcome", "OUTCOME", "only these: done, failed or refused"),
            Option(
                "as",
                "FORM",
                "the whole log as a file: csv or jsonl",
                synonyms=("form", "format"),
            ),
        ),
    ),
    *EDITING_VERBS,
    Verb(
        "gaps",
        "[DAYS]",
        "questions without an answer in the last DAYS (30d when not given), grouped by meaning, "
        "the largest first",
        (Option("n", "10", f"how many, 1 to 50 ({GAPS} when not given)", (1, 50)),),
        ("/near-admin gaps", "/near-admin gaps 7d n=20"),
    ),
    Verb(
        "stats",
        "[DAYS]",
        "usage in the last DAYS (30d when not given): answers, votes, response times, and the "
        "entries asked for most often, never asked for, or due for review",
        (),
        ("/near-admin stats", "/near-admin stats 90d"),
    ),
    Verb(
        "import",
        "[PATH]",
        "preview the import of a glossary below NEARSAY_IMPORT_DIR; in Slack you can send the bot "
        "a file in a direct message instead",
        (
            Option(
                "name",
                "NAME",
                "the name of the source (the file's name when not given)",
            ),
            Option("upload", "ID", "a file that was sent to the bot"),
            Option("digest", "DIGEST", "only if the file has not changed since the preview"),
            Option("apply", "", "import the file"),
            Option("cancel", "", "discard a file that was sent to the bot"),
        ),
        ("/near-admin import glossary.csv", "/near-admin import glossary.csv --apply"),
    ),
)
