"""Random cases without end: `python -m tests.fuzz`, as `make fuzz` runs it; short forms of all are tests."""
