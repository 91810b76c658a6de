"""The bot answers questions in Slack and in the terminal.

`bot.commands` parses a line into a Request, `bot.assistant` answers it with a Reply, and `bot.cli`
or `bot.slack` renders the Reply. `bot.replies.base` serializes Replies to JSON. `bot.app` builds
these components from the settings in `bot.config`.
"""
