"""Fuzz tests: arbitrary input is accepted or refused in time. They run for seconds in `make check`,
and for ten minutes each in `make test-slow`."""
