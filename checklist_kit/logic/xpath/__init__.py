"""XPath as XLSForms have it, read into our language where that can say the same.

`tokens` compares two texts without their white space; `as_written` and `meant` give an expression of ours for an XPath.
"""

from checklist_kit.logic.xpath.meaning import Use, as_written, meant
from checklist_kit.logic.xpath.reader import NotCovered, tokens

__all__ = ["NotCovered", "Use", "as_written", "meant", "tokens"]
