"""Speed and memory beside peers, in the same run. `make bench` runs all; `python -m benchmarks NAME` some.

A module `bench_*.py` holds `WORKS`, and is found by its name. Each side of a comparison runs in a process of its own,
so that imports count and memory is that of this work alone.
"""
