"""What of a checklist only a form on a device can do: XPath that our language does not cover, values it records."""

from __future__ import annotations

from checklist_kit.diagnostics import Diagnostic
from checklist_kit.model.checklist import Checklist
from checklist_kit.model.items import Item, Recorded

_TOLD = {
    "relevant": "`{name}` is always asked here",
    "constraint": "any answer to `{name}` is accepted here",
    "calculation": "`{name}` is not computed here",
    "choice_filter": "`{name}` always offers all its choices here",
}


def device_only(checklist: Checklist) -> tuple[Diagnostic, ...]:
    """Return the losses of every target whose product is no such form."""
    return tuple(loss for entry in checklist.entries for loss in _of(entry.item))


def _of(item: Item) -> list[Diagnostic]:
    losses = [
        Diagnostic.of(
            "device-xpath",
            f"{_TOLD[key].format(name=item.name)}: only forms on phones obey its XPath",
            item.spans.get(key, item.span),
        )
        for key in item.xpath
        if getattr(item, key, None) is None
    ]
    if isinstance(item, Recorded) and item.what != "calculate":
        message = f"`{item.name}` is left out: nothing but a device records its `{item.what}`"
        losses.append(Diagnostic.of("device-value", message, item.span))
    return losses
