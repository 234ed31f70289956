"""Expressions given as XPath, `{xpath: "…"}`: kept word for word, and read into our language where it covers them."""

from __future__ import annotations

from collections.abc import Mapping

from checklist_kit.logic import Scope, analyse
from checklist_kit.model import Expression
from checklist_kit.source.nodes import Map

_KEYS = ("relevant", "choice_filter", "constraint", "calculation")


def form_names(nodes: Mapping[str, Map]) -> dict[str, str]:
    """Return the names of items by those that they have in an XLSForm; names that stand there for several are left out.

    The other name is that under `extra: {xlsform: {name: …}}`, where it was taken over from one.
    """
    found: dict[str, str] = {}
    several = set()
    for name, node in nodes.items():
        known = _form_name(name, node)
        if known in found:
            several.add(known)
        found[known] = name
    return {known: name for known, name in found.items() if known not in several}


def _form_name(name: str, node: Map) -> str:
    extra = node.get("extra")
    kept = extra.get("xlsform") if isinstance(extra, Map) else None
    return (kept.text("name") if isinstance(kept, Map) else None) or ("itemMeta" if name == "meta" else name)


def verbatim(node: Map) -> dict[str, str]:
    """Return the XPaths of an item by key."""
    found = {key: value.text("xpath") for key in _KEYS if isinstance(value := node.get(key), Map)}
    return {key: text for key, text in found.items() if text is not None}


def translated(node: Map, key: str, scope: Scope, names: Mapping[str, str]) -> tuple[Expression | None, str]:
    """Return what the XPath under a key means in our language, or why that cannot say it."""
    xpath = verbatim(node).get(key)
    if xpath is None:
        return None, ""  # found by the schema
    from checklist_kit.logic.xpath import NotCovered, Use, meant  # few checklists need it, and every start would pay

    uses = {"constraint": Use.CONSTRAINT, "calculation": Use.VALUE}
    try:
        source = meant(xpath, scope, names, uses.get(key, Use.RELEVANT))
    except NotCovered as error:
        return None, str(error)
    result = analyse(source, scope, condition=key != "calculation")
    if result.tree is not None:
        return Expression(source, result.tree, node.value_span(key)), ""
    return None, next((fault.message for fault in result.faults), "it uses an answer that only these forms have")
