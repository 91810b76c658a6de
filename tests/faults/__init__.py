"""Faults of the index's storage: kills, switches under load, damage, repetition, full disks.

Support modules:

    homes.py         data directories with their ledgers, on SQLite or PostgreSQL
    content.py       entries in distinguishable states
    processes.py     start, read and kill programs of this package
    counts.py        how often a fault happens, in the normal run and at full count
    disks.py         small disks that can be filled or write-protected

Programs, each run in a process of its own; DATABASE is the ledger's URL, or empty for SQLite:

    reindexing.py    reindexes, reports its progress, and kills itself at a given point
    checking.py      checks every entry and vector of the current generation
    asking.py        asks until it is stopped, while generations change
    serving.py       answers lines as the bot does after its start
    conversing.py    serves Slack, and kills itself at a given point
    squeezed.py      answers and reindexes on a disk that cannot be written
"""
