"""The command line: a module for each family of commands.

Commands import their dependencies when they run, so that help and usage errors are fast.
"""
