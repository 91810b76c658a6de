"""Nearsay in Slack: the only package that imports slack_bolt and slack_sdk.

`listeners` acknowledge what Slack delivers, `queue` records it, `handlers` work it off on a pool of
threads. `renderer`, `blocks` and `views` make the messages and modals. `wiring` puts that together,
`service` runs it over a socket or HTTP (`transport`), and `manifest` describes the app to Slack.
"""
