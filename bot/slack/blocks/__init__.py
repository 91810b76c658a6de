"""Block Kit blocks for replies."""
