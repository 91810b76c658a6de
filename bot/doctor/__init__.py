"""`nearsay doctor`: check an installation, and suggest a fix for each problem."""
