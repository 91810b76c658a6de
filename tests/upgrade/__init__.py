"""Run the current code on an installation of 0.1.0."""
