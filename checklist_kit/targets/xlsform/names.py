"""Names in the form that are not an item's own. A capital letter keeps them apart: the name of an item has none."""

from __future__ import annotations

CODE = "instanceOf_"
"""In each instance of a repeat over a list: the code of the choice that it is about."""
LABEL = "labelOf_"
"""And the label of that choice, in the language whose code ends the name."""
GROUP = "eachOf_"
"""The group of its questions, whose label is that label."""
COUNT = "countOf_"
"""How many instances a repeat has, where a converter's own name for that is taken."""


def form_name(name: str) -> str:
    """Return the name of an item in the form: its own, but for one that every form keeps for itself."""
    return "Meta" if name == "meta" else name
