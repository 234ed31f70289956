"""Inputs that nobody writes: whatever stands in a file, only our own diagnostics may come out of it."""
