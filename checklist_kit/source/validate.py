"""A document against the JSON schema, every fault in a methodologist's words and at its place.

`jsonschema-rs` decides quickly whether there is any fault; only then `jsonschema` is asked which.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from checklist_kit.diagnostics import Diagnostic, Span, did_you_mean
from checklist_kit.source.nodes import Map, Seq


def schema_text() -> str:
    """Return the JSON schema (draft 2020-12) of a checklist, as shipped."""
    return (Path(__file__).parent / "schema" / "checklist.schema.json").read_text(encoding="utf-8")


@cache
def _is_valid() -> Callable[[object], bool]:
    import jsonschema_rs

    return jsonschema_rs.validator_for(json.loads(schema_text())).is_valid


def validate(document: Map) -> list[Diagnostic]:
    """Return what the schema finds wrong with a document, in no particular order."""
    if _is_valid()(document):
        return []
    import jsonschema

    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    findings = {finding: None for error in validator.iter_errors(document) for finding in _explain(error, document)}
    return list(findings)


def _explain(error: Any, document: Map) -> Iterator[Diagnostic]:
    path = list(error.absolute_path)
    handler = _HANDLERS.get(error.validator, _other)
    if error.validator == "enum" and "propertyNames" in error.absolute_schema_path:
        handler = _unknown_key
    elif error.validator == "pattern" and "propertyNames" in error.absolute_schema_path:
        handler = _bad_key
    yield from handler(error, document, path)


def _at(document: object, path: list[str | int]) -> object:
    for step in path:
        document = document[step]  # type: ignore[index]
    return document


def _span(document: Map, path: list[str | int]) -> Span:
    """The place of the value at a path."""
    if not path:
        return _head(document)
    holder = _at(document, path[:-1])
    if isinstance(holder, Map):
        return holder.value_span(str(path[-1]))
    assert isinstance(holder, Seq)
    return holder.value_span(int(path[-1]))


def _head(node: Map) -> Span:
    """The place that stands for a whole mapping: its name, else its first key."""
    key = next((key for key in ("name", "checklist", *node) if key in node), None)
    return node.span if key is None else node.value_span(key) if key in ("name", "checklist") else node.key_span(key)


def _missing(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    holder = error.instance
    key = next((key for key in error.validator_value if key not in holder and f"'{key}'" in error.message), "")
    if any(found not in _known_keys() and did_you_mean(found, [key]) for found in holder):
        return  # it is there and misspelt, which is found as an unknown key
    span = _head(holder) if isinstance(holder, Map) else _span(document, path)
    message = f"{_owner(holder, path)} needs the key `{key}`"
    yield Diagnostic.of("schema-missing-key", message, span, help=f"add a line `{key}: …`")


@cache
def _known_keys() -> frozenset[str]:
    """All keys that anything has in a checklist."""
    schema = json.loads(schema_text())
    return frozenset(key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", ()))


def _owner(node: object, path: list[str | int]) -> str:
    """What the mapping at a path is, in words."""
    kind = node.get("type") if isinstance(node, Map) else None
    if isinstance(kind, str):
        return f"{'an' if kind[:1] in ('a', 'e', 'i', 'o', 'u') else 'a'} {kind}"
    holders = [step for step in path if isinstance(step, str)]
    return _OWNERS.get(holders[-1], "this") if holders else "a checklist"


_OWNERS = {
    "items": "an item",
    "indicators": "an indicator",
    "checks": "a check",
    "reports": "a report",
    "paper": "`paper`",
}


def _unknown_key(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    holder, key = _at(document, path), error.instance
    assert isinstance(holder, Map)
    known = error.validator_value
    help_ = did_you_mean(key, [name for name in known if name not in holder]) or f"keys here are {', '.join(known)}"
    yield Diagnostic.of(
        "schema-unknown-key", f"`{key}` is no key of {_owner(holder, path)}", holder.key_span(key), help=help_
    )


def _bad_key(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    holder, key = _at(document, path), error.instance
    assert isinstance(holder, Map)
    what = path[-1] if path else ""
    wanted = {"languages": "a language code such as `az`", "missing": "a number such as 9999"}.get(
        str(what), "a key of the right form"
    )
    yield Diagnostic.of("schema-key", f"`{key}` is not {wanted}", holder.key_span(key))


def _extra_keys(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    holder = _at(document, path)
    assert isinstance(holder, Map)
    known = list(error.schema.get("properties", {}))
    for key in holder:
        if key not in known:
            help_ = (
                did_you_mean(key, [name for name in known if name not in holder]) or f"keys here are {', '.join(known)}"
            )
            yield Diagnostic.of(
                "schema-unknown-key", f"`{key}` is no key of {_owner(holder, path)}", holder.key_span(key), help=help_
            )


_TYPE_WORDS = {
    "object": "a mapping (`key: value` lines)",
    "array": "a list (lines that begin with `- `)",
    "string": "a text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


def _type(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    words = [_TYPE_WORDS[name] for name in wanted if not (name in ("number", "boolean") and "string" in wanted)]
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    empty = error.instance is None
    help_ = None
    if wanted == ["string"] and isinstance(error.instance, bool | int | float):
        help_ = "put it in quotes"
    elif wanted == ["boolean"] and isinstance(error.instance, str):
        help_ = "write true or false"
    message = f"{name} is empty; it must be {' or '.join(words)}" if empty else f"{name} must be {' or '.join(words)}"
    yield Diagnostic.of("schema-type", message, _span(document, path), help=help_)


def _enum(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    value = error.instance
    known = [str(option) for option in error.validator_value]
    help_ = f"it is one of {', '.join(known)}"
    first, _, rest = str(value).partition(" ")
    if first in known and rest:
        help_ = f"write `type: {first}` and, on a line of its own, `choices: {rest}`"
    elif isinstance(value, str):
        help_ = did_you_mean(value, known) or help_
    code = "schema-unknown-type" if path[-1:] == ["type"] else "schema-value"
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    what = f"value of `{key}`"
    if code == "schema-unknown-type":
        what = "item type"
    elif "not_observed" in known:
        what = "kind of missing answer"
    yield Diagnostic.of(code, f"`{value}` is no {what}", _span(document, path), help=help_)


def _pattern(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    key, value = path[-1], error.instance
    if key in ("name", "checklist"):
        message = f"`{value}` is no valid name"
        yield Diagnostic.of("name-invalid", message, _span(document, path), help=_name_help(str(value)))
    else:
        yield Diagnostic.of(
            "schema-pattern",
            f"`{value}` is not allowed for `{key}`",
            _span(document, path),
            help="use at most 32 characters, without blanks and `/`" if key == "version" else None,
        )


def _name_help(value: str) -> str:
    foreign = next((char for char in value if not char.isascii()), None)
    if foreign is not None:
        return f"{foreign!r} is no Latin letter a to z; names are small letters, digits and _"
    return "names are small letters, digits and _, and begin with a letter"


def _other(error: Any, document: Map, path: list[str | int]) -> Iterator[Diagnostic]:
    name = f"`{path[-1]}`" if path and isinstance(path[-1], str) else "this"
    limit = error.validator_value
    words = {
        "minProperties": "must not be empty",
        "maxLength": f"is longer than {limit} characters",
        "minimum": f"must be at least {limit}",
        "maximum": f"must be at most {limit}",
    }
    message = f"{name} {words[error.validator]}" if error.validator in words else error.message
    yield Diagnostic.of("schema-value", message, _span(document, path))


_HANDLERS: dict[str, Callable[[Any, Map, list[str | int]], Iterator[Diagnostic]]] = {
    "required": _missing,
    "additionalProperties": _extra_keys,
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
}
