"""The names that items have in an XLSForm, and those of parts of the form that are no items.

A capital letter keeps the latter apart: the name of an item has none.
"""

from __future__ import annotations

from collections.abc import Mapping

from checklist_kit.model.checklist import Checklist

CODE = "instanceOf_"
"""In each instance of a repeat over a list: the code of the choice that it is about."""
LABEL = "labelOf_"
"""And the label of that choice, in the language whose code ends the name."""
GROUP = "eachOf_"
"""The group of its questions, whose label is that label."""
COUNT = "countOf_"
"""How many instances a repeat has, where a converter's own name for that is taken."""


def form_name(checklist: Checklist, name: str) -> str:
    """Return the name of an item in the form.

    It is its own, but for one that every form keeps for itself, and for one that had another name in the XLSForm that
    it came from.
    """
    entry = checklist.by_name.get(name)
    kept = entry.item.extra.get("xlsform") if entry else None
    if isinstance(kept, Mapping) and kept.get("name"):
        return str(kept["name"])
    return "itemMeta" if name == "meta" else name
