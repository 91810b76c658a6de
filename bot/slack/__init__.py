"""The Slack app. No other package imports slack_bolt; `bot.doctor` also imports slack_sdk.

`listeners` acknowledge deliveries, `queue` records them, and `handlers` process them on a thread
pool. `blocks` and `views` build messages and modals. `wiring` connects these parts,
`service` runs them over a socket (`socket_mode`) or HTTP (`http_server`), and `manifest` describes
the app to Slack.
"""
