"""The command line: a module for each family of commands.

A command imports what it needs when it is run: help and wrong usage need none of it.
"""
