"""Talk with people in Slack and in the terminal.

A line of text goes through `bot.commands` (a Request) and `bot.assistant` (a Reply) to a renderer
(`bot.cli`, `bot.slack`, or JSON by `bot.replies.base`). `bot.app` puts the parts together from the
settings in `bot.config`.
"""
