"""The loopback workspace's own tests. They know nothing of the bot that it was written for."""
