"""Writing and reviewing entries in Slack: forms, previews, reviews, and what came of them."""
