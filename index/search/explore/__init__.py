"""Explore the space: how far texts are apart, what lies between them, what they are like."""
