"""Fault tests of the index's storage: kills, switches under load, damage, full disks.

Support modules:

    homes.py         data directories with their ledgers, on SQLite or PostgreSQL
    content.py       entries whose text identifies their state
    processes.py     start programs of this package, read their output, kill them
    counts.py        the number of faults in the normal run and in the slow run
    disks.py         small disks that can be filled or write-protected

Programs, each run in a separate process; DATABASE is the ledger's URL, or empty for SQLite:

    reindexing.py    reindexes, reports its progress, and kills itself at a given point
    checking.py      checks every entry and vector in the current generation
    asking.py        asks questions while generations change, until it is stopped
    serving.py       answers lines as the bot does after it starts
    conversing.py    serves Slack, and kills itself at a given point
    squeezed.py      answers and reindexes on a disk that cannot be written
"""
