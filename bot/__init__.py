"""The bot: answers in Slack and in the terminal.

`bot.commands` parses a line to a Request, `bot.assistant` answers it with a Reply, and `bot.cli` or
`bot.slack` renders it (`bot.replies.base` does so as JSON). `bot.app` builds the parts from the
settings in `bot.config`.
"""
