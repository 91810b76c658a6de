"""Exploring the space itself: how far apart texts are, what lies between, and what it is like."""
