"""Random material that tests share: expressions, checklists, and answers to them."""
