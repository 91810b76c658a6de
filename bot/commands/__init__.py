"""What can be asked, and how a line says it.

The same line means the same in Slack, in the terminal and in a test. Help, the reference page of
the commands and the Slack manifest come from, or are checked against, `COMMANDS`.
"""
