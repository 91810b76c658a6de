"""Replies to small talk."""

GREETING = "Hello. Ask what a term means, how two terms differ, or which term fits a description."
REPLIES = {  # by a part of the message, the first that it contains
    **dict.fromkeys(
        (
            "are you sure",
            "sorry",
            "wrong",
            "not true",
            "not right",
            "not what",
            "bad",
            "thumbsdown",
        ),
        "I quote the entry that seems nearest. If it does not help, ask in other words.",
    ),
    **dict.fromkeys(
        ("who ", "are you"),
        "I am Nearsay, a bot. I answer from written entries, in their own sentences.",
    ),
    "what can": "I explain terms, compare two terms, and find a term from a description. Just ask.",
    **dict.fromkeys(("than", "thx", "+1", "thumbsup", "👍"), "You are welcome."),
    **dict.fromkeys(("bye", "good night"), "Goodbye."),
    **dict.fromkeys(
        ("great", "cool", "nice", "good bot", "good answer", "help", "perfect", "useful"),
        "Glad to help. Ask again any time.",
    ),
    **dict.fromkeys(("no", "never", "yes", "ok", "forget", "stop"), "All right."),
}


def reply_to(message: str) -> str:
    """Return the reply to a small-talk message."""
    said = message.casefold()
    return next((reply for part, reply in REPLIES.items() if part in said), GREETING)
