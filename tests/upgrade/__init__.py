"""An installation of 0.1.0 under the current code."""
