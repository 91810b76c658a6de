"""The verbs of `/near-admin` for the glossary's owners: what was asked for, and glossaries that are
imported."""

from __future__ import annotations

from bot.forms import Option, Verb

OWNER_VERBS = (
    Verb(
        "gaps",
        "[DAYS]",
        "what people asked and did not find in the last days (30d when not given), gathered by "
        "meaning, the largest first",
        (Option("n", "10", "how many, 1 to 50 (10 when not given)", (1, 50)),),
        ("/near-admin gaps", "/near-admin gaps 7d n=20"),
    ),
    Verb(
        "stats",
        "[DAYS]",
        "what was asked in the last days (30d when not given), in numbers: answers, votes, the "
        "entries asked for most and not at all, those that may be out of date, and the waiting",
        (),
        ("/near-admin stats", "/near-admin stats 90d"),
    ),
    Verb(
        "import",
        "[PATH]",
        "what would come of a glossary below NEARSAY_IMPORT_DIR, before anything is changed; in "
        "Slack a file can be sent to the bot instead, as a direct message",
        (
            Option("name", "NAME", "what to call it, for from=NAME (else its file's name)"),
            Option("upload", "ID", "a file that was sent to the bot"),
            Option("digest", "DIGEST", "only while it is as it was looked at"),
            Option("apply", "", "import it"),
            Option("cancel", "", "forget a file that was sent to the bot"),
        ),
        ("/near-admin import glossary.csv", "/near-admin import glossary.csv --apply"),
    ),
)
