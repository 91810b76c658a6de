"""What is done with a delivery: one handler for each kind of request."""
