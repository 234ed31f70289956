"""Filled paper forms, scanned or photographed, as submissions and a queue of what a person should look at."""
