"""Benchmarks. They print measurements and are not part of the test suite."""
