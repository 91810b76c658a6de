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
)
