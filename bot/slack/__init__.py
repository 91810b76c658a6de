"""Nearsay in Slack: the only package that imports slack_bolt and slack_sdk.

A delivery from Slack is recorded (`inbox`), acknowledged and worked off on a pool of our own
(`listeners`, `work`); its reply is rendered (`blocks`, `modals`) and sent (`courier`). `service`
runs that over a socket or HTTP (`web`); `manifest` describes the app to Slack, `checks` tells an
operator what is wrong with its connection.
"""
