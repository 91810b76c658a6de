"""The commands: their table, parser and help.

A line has the same meaning in Slack, in the terminal and in tests. Help, the commands' reference
page and the Slack manifest are generated from `COMMANDS` or checked against it.
"""
