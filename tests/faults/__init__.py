"""Faults of the index's storage: kills, switches under load, damage, repetition, full disks.

content.py       entries in states that tell themselves apart
processes.py     programs of this package, run, watched and killed
counts.py        how often a fault happens, in the normal run and at full count
disks.py         small and read-only disks

reindexing.py    a program that reindexes, says how far it is, and dies where it is told to
checking.py      a program that checks every entry and vector of the current generation
serving.py       a program that asks a desk, as the bot does
"""
