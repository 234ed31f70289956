"""The JSON schema: valid itself, explained throughout, and read alike by the two libraries that apply it."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklist_kit.model.items import RECORDED, Calculate, Note, Question, Repeat, Section
from checklist_kit.source import schema_text
from checklist_kit.source.compose import compose
from checklist_kit.source.nodes import Map, Mark, Seq, Slot
from checklist_kit.source.validate import validate
from tests.core.expectations import MAIN
from tests.strategies.checklists import checklist_texts

SCHEMA = json.loads(schema_text())
SLOW = jsonschema.Draft202012Validator(SCHEMA)
FAST = jsonschema_rs.validator_for(SCHEMA)
CASES = sorted((Path(__file__).parents[1] / "cases" / "mistakes").glob("*.yaml"))


def test_the_schema_fits_its_own_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def properties(part: Any) -> Iterator[tuple[str, Any]]:
    """Every place where a key is defined or narrowed, conditions apart."""
    if isinstance(part, dict):
        yield from part.get("properties", {}).items()
    for key, value in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if key != "if":
            yield from properties(value)


def is_described(value: dict[str, Any]) -> bool:
    reference = value.get("$ref", "").removeprefix("#/$defs/")
    return "description" in value or bool(reference and is_described(SCHEMA["$defs"][reference]))


def test_every_property_is_described() -> None:
    names = {name for name, _ in properties(SCHEMA)}
    described = {name for name, value in properties(SCHEMA) if is_described(value)}
    assert len(names) > 40
    assert names - described == set()


def test_item_types_are_those_of_the_model() -> None:
    types = {*RECORDED, *(kind.type for kind in (Section, Repeat, Note, Calculate, *Question.__subclasses__()))}
    assert set(SCHEMA["$defs"]["fields"]["properties"]["type"]["enum"]) == types


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_libraries_agree_on_all_cases(path: Path) -> None:
    document, _ = compose(path.read_text(encoding="utf-8").split("# file:")[0], MAIN)
    if document is not None:
        assert FAST.is_valid(document) == SLOW.is_valid(document)
        if isinstance(document, Map):
            assert (validate(document) == []) == SLOW.is_valid(document)


values = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-3, 3), st.just(0.5), st.sampled_from(["", "x", "integer", "a b", "az"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["name", "type", "label", "items", "en", "file", "over", "x y"]), inner, max_size=3
        ),
    ),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=200)
def test_the_libraries_agree_on_mutations_of_checklists(data: st.DataObject) -> None:
    document, _ = compose(data.draw(checklist_texts()), MAIN)
    plain = json.loads(json.dumps(document))
    for _ in range(data.draw(st.integers(1, 3))):
        mutate(plain, data)
    assert FAST.is_valid(plain) == SLOW.is_valid(plain)
    if isinstance(plain, dict):
        found = validate(with_places(plain))
        assert bool(found) == (not SLOW.is_valid(plain))
        assert all(finding.is_error and finding.span is not None for finding in found)


def mutate(node: Any, data: st.DataObject) -> None:
    """Change, remove or add something at a random place."""
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        inner = node[key]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            node = inner
            continue
        match data.draw(st.sampled_from(["change", "remove", "add", "copy"])):
            case "change":
                node[key] = data.draw(values)
            case "remove":
                del node[key]
            case "add" if isinstance(node, dict):
                node[data.draw(st.sampled_from(["labell", "include", "matches", "over", "with", "extends"]))] = (
                    data.draw(values)
                )
            case _ if isinstance(node, list):
                node.append(copy.deepcopy(inner))
        return


def with_places(value: Any) -> Any:
    """Plain data as if it had been read from a file."""
    mark = Mark(0, 0, 0, 1)
    if isinstance(value, dict):
        mapping = Map(MAIN, mark)
        for key, part in value.items():
            mapping.put(
                key,
                with_places(part),
                Slot(MAIN, mark, mark, None if isinstance(part, dict | list) else str(part), None),
            )
        return mapping
    if isinstance(value, list):
        sequence = Seq(MAIN, mark)
        for part in value:
            sequence.put(
                with_places(part), Slot(MAIN, mark, mark, None if isinstance(part, dict | list) else str(part), None)
            )
        return sequence
    return value
