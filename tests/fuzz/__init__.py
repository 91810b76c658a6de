"""Arbitrary input is accepted or refused in time: for seconds in the gate, for ten minutes each in
`make test-slow`."""
