"""An installation of 0.1.0, and what becomes of it under the code of today."""
