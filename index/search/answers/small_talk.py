"""Replies to small talk."""

import re

from index.search.answers.intents import without_lead

GREETING = "Hello. Ask what a term means, how two terms differ, or which term fits a description."
REPLIES = {  # by prefix of the message, the first that fits
    **dict.fromkeys(
        ("are you sure", "sorry", "that", "this", "it", "bad", ":-1", ":thumbsdown", "👎"),
        "I quote the entry that seems nearest. If it does not help, ask in other words.",
    ),
    **dict.fromkeys(("no", "never", "yes", "ok", "forget", "stop"), "All right."),
    **dict.fromkeys(
        ("who ", "are you"),
        "I am Nearsay, a bot. I answer from written entries, in their own sentences.",
    ),
    "what can": "I explain terms, compare two terms, and find a term from a description. Just ask.",
    **dict.fromkeys(
        ("than", "thx", "many than", "+1", ":+1", ":thumbsup", "👍"), "You are welcome."
    ),
    **dict.fromkeys(("bye", "goodbye", "good bye", "good night"), "Goodbye."),
    **dict.fromkeys(
        ("great", "cool", "nice", "good bot", "good answer", "help", "perfect", "useful"),
        "Glad to help. Ask again any time.",
    ),
}
_BEFORE_PRAISE = re.compile(
    r"^(?:that|this|it)(?:'s| is| was)? (?:very |so )?(?=great|cool|nice|help|perfect|useful)"
)


def reply_to(message: str) -> str:
    """Return the reply to a small-talk message."""
    said = message.casefold()
    for text in (_BEFORE_PRAISE.sub("", without_lead(said)), said):
        for start, reply in REPLIES.items():
            if text.startswith(start):
                return reply
    return GREETING
