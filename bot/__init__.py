"""Talking with people: one grammar and one desk behind every front door.

A line of text goes through `bot.commands` (a Request), `bot.desk` (a Reply) and a renderer
(`bot.terminal`, `bot.slack`, or JSON by `bot.replies`). `bot.app` puts the parts together by the
settings (`bot.config`), and `bot.cli` has the commands.
"""
