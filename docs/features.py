"""What each target makes of each feature: one small checklist a feature, built in every target."""

from __future__ import annotations

import tempfile
from pathlib import Path

from checklist_kit import api
from checklist_kit.model import Checklist
from checklist_kit.registry import targets

_HEAD = """\
checklist: feature
version: "1"
title: {en: Feature, az: Xüsusiyyət}
languages: {en: English, az: Azərbaycanca}
choices:
  yes_no: {yes: {en: "Yes", az: Bəli}, no: {en: "No", az: Xeyr}}
  faults: {ink: {en: Ink, az: Mürəkkəb}, none: {label: {en: None of these, az: Heç biri}, exclusive: true}}
  parts: {a: {label: {en: A, az: A}, attributes: {kind: n}}, b: {label: {en: B, az: B}, attributes: {kind: s}}}
  towns: {file: towns.csv}
"""
_FIRST = "  - {name: q, type: select_one, choices: yes_no, label: {en: Open, az: Açıq}"
_TYPES = ("integer", "decimal", "text", "date", "time", "datetime", "image", "geopoint", "acknowledge")
_LABEL = "label: {en: Second, az: İkinci}"

FEATURES: dict[str, str] = {
    "`select_one`": f"{_FIRST}}}",
    "`choices` from a `file`": f"  - {{name: q, type: select_one, choices: towns, {_LABEL}}}",
    "`select_multiple`, an `exclusive` choice": f"  - {{name: q, type: select_multiple, choices: faults, {_LABEL}}}",
    **{f"`{kind}`": f"  - {{name: q, type: {kind}, {_LABEL}}}" for kind in _TYPES},
    "`note`": f"  - {{name: q, type: note, {_LABEL}}}",
    "`calculate`": f"  - {{name: n, type: integer, {_LABEL}}}\n  - {{name: q, type: calculate, calculation: n * 2}}",
    "`section`": f"  - {{name: s, type: section, {_LABEL}, items: [{{name: q, type: text, {_LABEL}}}]}}",
    "`repeat`": f"  - {{name: r, type: repeat, {_LABEL}, items: [{{name: q, type: text, {_LABEL}}}]}}",
    "`repeat` `over` a list": (
        f"  - {{name: r, type: repeat, over: parts, {_LABEL}, items: [{{name: q, type: integer, {_LABEL}}}]}}"
    ),
    "`relevant`": f"{_FIRST}}}\n  - {{name: r, type: text, relevant: q = 'no', {_LABEL}}}",
    "`constraint`": f"  - {{name: q, type: integer, constraint: . <= 3000, {_LABEL}}}",
    "`required`": f"{_FIRST}, required: true}}",
    "`matches`": f"  - {{name: q, type: text, matches: '[0-9]{{3}}', {_LABEL}}}",
    "`missing` numbers": f"  - {{name: q, type: integer, missing: {{9999: refused}}, {_LABEL}}}",
    "`choice_filter`": (
        f"{_FIRST}}}\n  - {{name: r, type: select_one, choices: parts, {_LABEL},\n"
        "     choice_filter: kind = 'n' and q = 'yes' or kind = 's' and q = 'no'}"
    ),
    "`default`": f"{_FIRST}, default: 'yes'}}",
    "`read_only`": f"{_FIRST}, default: 'yes', read_only: true}}",
    "`sensitive`": f"  - {{name: q, type: text, sensitive: true, {_LABEL}}}",
    "`hint` and `guidance_hint`": f"{_FIRST}, hint: {{en: A, az: B}}, guidance_hint: {{en: C, az: D}}}}",
    "`${name}` in a text": (
        f"  - {{name: q, type: integer, {_LABEL}}}\n"
        "  - {name: r, type: text, label: {en: 'Why ${q}?', az: 'Niyə ${q}?'}}"
    ),
}


def table() -> str:
    """The page: a row a feature, a column a target."""
    names = [*targets()]
    head = ["feature", *names]
    rows = [head, ["---"] * len(head), *([feature, *_cells(text, names)] for feature, text in FEATURES.items())]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return (
        "# What each target can express\n\nA feature that a target has is marked `+`. What it cannot express as it is, "
        "it reports when it is built, under the [code](codes.md) that stands here; with `--strict` that is an "
        "error.\n\n"
        f"{lines}\n"
    )


def _cells(text: str, names: list[str]) -> list[str]:
    checklist = load(text)
    return [
        ", ".join(sorted({f"`{loss.code}`" for loss in api.build(checklist, name).losses})) or "+" for name in names
    ]


def load(text: str) -> Checklist:
    """The checklist of a feature. Raises DefinitionError."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "towns.csv").write_text("code,label.en,label.az\nbaku,Baku,Bakı\n", encoding="utf-8")
        path = Path(folder) / "feature.yaml"
        path.write_text(f"{_HEAD}items:\n{text}\n", encoding="utf-8")
        return api.load(path)
