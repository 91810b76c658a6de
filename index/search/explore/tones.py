"""Tones for a prompt, each with the words to add to it."""

TONES = {  # the words to append to a prompt, by tone
    "more formal": "Formal, courteous, respectful. Dear Sir or Madam.",
    "warmer": "Warm, kind, conversational, from the heart.",
    "friendlier": "Friendly and casual, like a chat with a good friend.",
    "more technical": "Technical, detailed, with exact specifications.",
    "academic": "Scholarly, with citations and a research question.",
    "simpler": "In plain, simple everyday words, for a small child.",
    "more concise": "Terse. Minimal. As few words as possible.",
    "playful": "Playful, whimsical, silly, full of fun.",
    "premium": "Premium. Exclusive. Effortlessly elegant.",
    "more persuasive": "Persuasive, irresistible, made to sell.",
    "urgent": "Urgent. Act now, before it is too late.",
    "poetic": "Poetic, lyrical, like moonlight on still water.",
    "dramatic": "Dramatic, intense, with everything at stake.",
    "humorous": "Funny, with dry humour and a joke at the end.",
    "sceptical": "Sceptical: is it really true, and who says so?",
}
