"""What happens when something comes from Slack: record it, acknowledge it, hand it over.

A listener does nothing slow and never raises: Slack waits three seconds for the acknowledgement,
and a trigger for a modal lives as long.
"""
