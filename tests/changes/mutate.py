"""A checklist as plain data, changed the way that people change checklists between elections."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.strategies.checklists import as_yaml

Document = dict[str, Any]
_WRITTEN = ("relevant", "constraint", "calculation", "choice_filter")


def document_of(text: str) -> Document:
    """The data of a YAML text. Everything is a text in it but what has to be another thing."""
    document: Document = yaml.load(text, Loader=yaml.BaseLoader)
    for node in nodes(document):
        for key in ("required", "sensitive", "exclusive", "read_only"):
            if isinstance(node.get(key), str):
                node[key] = node[key] == "true"
        if "repeat_count" in node:
            node["repeat_count"] = int(node["repeat_count"])
    return document


def nodes(part: Any) -> Iterator[Document]:
    """All mappings in a document."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from nodes(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from nodes(inner)


def items(document: Document) -> list[Document]:
    return [node for node in nodes(document["items"]) if "name" in node and "type" in node]


def siblings(document: Document) -> list[list[Document]]:
    return [document["items"], *(node["items"] for node in items(document) if "items" in node)]


def lists(document: Document) -> list[Document]:
    return [
        *document["choices"].values(),
        *(i["choices"] for i in items(document) if isinstance(i.get("choices"), dict)),
    ]


def rewrite(document: Document, change: Callable[[str], str]) -> None:
    """Change all expressions."""
    for node in items(document):
        for key in _WRITTEN:
            if key in node:
                node[key] = change(node[key])


def rename_item(document: Document, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(items(document)))
    old, new = item["name"], f"{item['name']}_new"
    item["name"] = new
    if data.draw(st.integers(0, 4)):
        item["was"] = [old]
    rewrite(document, lambda text: re.sub(rf"\b{re.escape(old)}\b(?!')", new, text))
    if document["unit"] == old:
        document["unit"] = new


def rename_choice(document: Document, data: st.DataObject) -> None:
    choices = data.draw(st.sampled_from(lists(document)))
    old = data.draw(st.sampled_from(list(choices)))
    new = data.draw(st.sampled_from([f"{old}x", *choices]))
    held = choices[old]
    choice = dict(held) if isinstance(held, dict) and "label" in held else {"label": held}
    if data.draw(st.integers(0, 4)):
        choice["was"] = [old]
    if new in choices and new != old:
        del choices[old]
        kept = choices[new]
        choices[new] = {**(kept if isinstance(kept, dict) and "label" in kept else {"label": kept}), "was": [old]}
    else:
        renamed = {new if code == old else code: choice if code == old else held for code, held in choices.items()}
        choices.clear()
        choices.update(renamed)
    rewrite(document, lambda text: text.replace(f"'{old}'", f"'{new}'"))


def change_choice(document: Document, data: st.DataObject) -> None:
    choices = data.draw(st.sampled_from(lists(document)))
    code = data.draw(st.sampled_from(list(choices)))
    held = choices[code]
    choice = dict(held) if isinstance(held, dict) and "label" in held else {"label": held}
    match data.draw(st.sampled_from(["missing", "exclusive", "label", "remove", "add"])):
        case "missing":
            choices[code] = {**choice, "missing": "refused"}
        case "exclusive":
            choices[code] = {**choice, "exclusive": True}
        case "label":
            choices[code] = {**choice, "label": "Another label"}
        case "remove":
            del choices[code]
        case _:
            choices["added"] = "An added choice"


def remove_item(document: Document, data: st.DataObject) -> None:
    around = data.draw(st.sampled_from(siblings(document)))
    if around:
        around.pop(data.draw(st.integers(0, len(around) - 1)))


def move_item(document: Document, data: st.DataObject) -> None:
    first, second = (data.draw(st.sampled_from(siblings(document))) for _ in range(2))
    if first:
        item = first.pop(data.draw(st.integers(0, len(first) - 1)))
        if not any(part is second for part in siblings({"items": [item]})):
            second.insert(data.draw(st.integers(0, len(second))), item)


def add_item(document: Document, data: st.DataObject) -> None:
    around = data.draw(st.sampled_from(siblings(document)))
    around.insert(data.draw(st.integers(0, len(around))), {"name": "an_added_one", "type": "text", "label": "Added"})


def change_item(document: Document, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(items(document)))
    match data.draw(
        st.sampled_from(["relevant", "ask", "constraint", "required", "label", "type", "missing", "count"])
    ):
        case "relevant":
            item.pop("relevant", None)
        case "ask":
            item["relevant"] = "station is answered"
        case "constraint":
            item.pop("constraint", None)
        case "required":
            item["required"] = not item.get("required", False)
        case "label":
            item["label"] = "Another label"
        case "type":
            wider = {"integer": "decimal", "decimal": "integer", "date": "datetime", "time": "text", "image": "text"}
            item["type"] = wider.get(item["type"], item["type"])
        case "missing":
            item["missing"] = {"9999": "refused"} if item["type"] in ("integer", "decimal") else {}
        case _:
            if item["type"] == "repeat" and "over" not in item:
                item["repeat_count"] = 2


CHANGES = [rename_item, rename_choice, change_choice, remove_item, move_item, add_item, change_item]


def mutated(text: str, data: st.DataObject) -> str:
    """Another version of a checklist, which may have errors."""
    document = copy.deepcopy(document_of(text))
    for _ in range(data.draw(st.integers(1, 3))):
        data.draw(st.sampled_from(CHANGES))(document, data)
    document["version"] = "another"
    return as_yaml(document)
