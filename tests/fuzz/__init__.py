"""Whatever is typed or imported is understood or refused, in time: seconds of it in the gate, ten
minutes of each in `make test-slow`."""
