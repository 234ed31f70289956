"""Targets: each folder compiles a checklist into files of one channel."""
