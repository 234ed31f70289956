"""Which answers could make a condition true? Enough reasoning to prove that none can, or to find some that do."""

from checklist_kit.checks.reasoning.guess import comes_out
from checklist_kit.checks.reasoning.relevance import Impossible, Relevances, examine
from checklist_kit.checks.reasoning.solver import GaveUp, Solver, opposite

__all__ = ["GaveUp", "Impossible", "Relevances", "Solver", "comes_out", "examine", "opposite"]
