"""Bolt listeners: record a delivery, acknowledge it and submit it to the worker pool.

A listener does nothing slow and never raises: Slack waits three seconds for the acknowledgement,
and a modal's trigger expires after three seconds.
"""
