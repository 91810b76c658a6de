"""The verbs of `/near-admin` for owners: gaps, statistics and imports."""

from bot.commands.defaults import GAPS
from bot.commands.spec import Option, Verb

OWNER_VERBS = (
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
