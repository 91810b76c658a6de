"""Nearsay in Slack. Only this package and `bot.doctor` import slack_sdk, and only this slack_bolt.

`listeners` acknowledge deliveries, `queue` records them, and `handlers` process them on a thread
pool. `blocks` and `views` build messages and modals. `wiring` connects these parts,
`service` runs them over a socket (`socket_mode`) or HTTP (`http_server`), and `manifest` describes
the app to Slack.
"""
