"""Seeded mistakes: how many are found, and at which place, by us and by the tools of XLSForm on the same mistake."""
