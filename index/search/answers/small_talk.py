"""Replies to small talk."""

GREETING = "Hello. Ask me about a term, how two terms differ, or describe what you are looking for."
REPLIES = {  # by prefix of the message
    "who are": "I am Nearsay. I answer from an encyclopedia, in its own sentences.",
    "what can": "I explain terms, tell two apart, and find the one you describe. Just ask.",
    "than": "You are welcome.",
    "thx": "You are welcome.",
    "bye": "Goodbye.",
    **dict.fromkeys(("ok", "great", "cool", "nice"), "Good. Ask again any time."),
}


def reply_to(message: str) -> str:
    """Return the reply to a message that is small talk."""
    said = message.casefold()
    return next((reply for start, reply in REPLIES.items() if said.startswith(start)), GREETING)
