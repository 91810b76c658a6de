"""Nearsay in Slack: the only package that imports slack_bolt and slack_sdk.

A delivery from Slack is taken (`listeners`), recorded and acknowledged (`queue`) and worked off on
a pool of our own (`work`); its reply is rendered (`renderer`, `blocks`, `modals`) and sent
(`courier` and others). `wiring` puts that together, `service` runs it over a socket or HTTP
(`transport`); `manifest` describes the app to Slack, `checks` tells an operator what is wrong with
its connection.
"""
