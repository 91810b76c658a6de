"""The commands: what can be asked, and how a line asks for it.

A line has the same meaning in Slack, in the terminal and in tests. Help, the commands' reference
page and the Slack manifest are generated from `COMMANDS` or checked against it.
"""
