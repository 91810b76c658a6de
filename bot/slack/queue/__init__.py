"""What Slack delivered, from its acknowledgement to its answer."""
