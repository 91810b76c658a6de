"""Faults of the index's storage: kills, switches under load, damage, repetition, full disks.

What the tests stand on:

    homes.py         data directories with their ledgers, on SQLite or on PostgreSQL
    content.py       entries in states that tell themselves apart
    processes.py     programs of this package, run, watched and killed
    counts.py        how often a fault happens, in the normal run and at full count
    disks.py         small disks, which may be filled or protected from writing

Programs, each run in a process of its own; DATABASE is the ledger's address, or empty:

    reindexing.py    reindexes, says how far it is, and dies where it is told to
    checking.py      checks every entry and vector of the current generation
    asking.py        asks until it is told to stop, while generations change
    serving.py       asks a desk, as the bot does when it starts
    conversing.py    serves Slack, and dies where it is told to
    squeezed.py      answers and reindexes where nothing can be written
"""
