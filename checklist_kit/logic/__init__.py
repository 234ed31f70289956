"""The expression language: one text, one meaning, many engines.

`analyse` reads a text into a typed tree, `evaluate` gives its meaning, `certainly` and `certainly_not` derive the
two-valued conditions that backends compile. `parse` reads a text as it was written, and `to_text` writes it again.
"""

from checklist_kit.logic.backend import Backend
from checklist_kit.logic.certain import certainly, certainly_not, exact, known
from checklist_kit.logic.evaluate import Context, evaluate
from checklist_kit.logic.parser import parse
from checklist_kit.logic.printer import to_text
from checklist_kit.logic.scope import Scope, symbol_table
from checklist_kit.logic.tokens import Fault
from checklist_kit.logic.tree import (
    Condition,
    Kind,
    Symbol,
    Term,
    Tree,
    is_exact,
    kind_of,
    outside_sums,
    sums_in,
    symbols_in,
)
from checklist_kit.logic.typecheck import Analysis, analyse

__all__ = [
    "Analysis",
    "Backend",
    "Condition",
    "Context",
    "Fault",
    "Kind",
    "Scope",
    "Symbol",
    "Term",
    "Tree",
    "analyse",
    "certainly",
    "certainly_not",
    "evaluate",
    "exact",
    "is_exact",
    "kind_of",
    "known",
    "outside_sums",
    "parse",
    "sums_in",
    "symbol_table",
    "symbols_in",
    "to_text",
]
