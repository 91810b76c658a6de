"""Nearsay in Slack: the only package that imports slack_bolt and slack_sdk.

`listeners` acknowledge deliveries, `queue` records them, and `handlers` process them on a thread
pool. `renderer`, `blocks` and `views` build messages and modals. `wiring` connects these parts,
`service` runs them over a socket (`socket_mode`) or HTTP (`http_server`), and `manifest` describes
the app to Slack.
"""
