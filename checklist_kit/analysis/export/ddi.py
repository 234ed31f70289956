"""DDI Codebook 2.5, what archives ask for beside the data. Source: the field reference of the DDI Alliance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np

from checklist_kit.analysis.export.dataset import Column, Dataset
from checklist_kit.analysis.export.notes import Note

NAMESPACE = "ddi:codebook:2_5"
_LANG = "xml:lang"
_NOT_IN_XML = (*(code for code in range(32) if chr(code) not in "\t\n\r"), 0xFFFE, 0xFFFF)
_CLEAN = dict.fromkeys(_NOT_IN_XML, "\ufffd")


def write_ddi(dataset: Dataset, folder: Path, language: str) -> list[Note]:
    """Write `<checklist>.ddi.xml`: study, files and variables, with counts; labels in all languages."""
    root = ET.Element("codeBook", xmlns=NAMESPACE, version="2.5")
    root.set(_LANG, language)
    citation = _add(_add(root, "stdyDscr"), "citation")
    title = _add(citation, "titlStmt")
    _add(title, "titl", dataset.title or dataset.id)
    _add(title, "IDNo", dataset.id)
    _add(_add(citation, "verStmt"), "version", dataset.version)
    for number, sheet in enumerate(dataset.sheets, 1):
        file = _add(_add(root, "fileDscr", ID=f"F{number}"), "fileTxt")
        _add(file, "fileName", sheet.name)
        size = _add(file, "dimensns")
        _add(size, "caseQnty", str(len(sheet)))
        _add(size, "varQnty", str(len(sheet.columns)))
    data = _add(root, "dataDscr")
    total = 0
    for number, sheet in enumerate(dataset.sheets, 1):
        for column in sheet.columns:
            total += 1
            _variable(data, dataset, column, ID=f"V{total}", files=f"F{number}")
    ET.indent(root)
    ET.ElementTree(root).write(folder / f"{dataset.id}.ddi.xml", encoding="utf-8", xml_declaration=True)
    return []


def _add(parent: Any, tag: str, text: str = "", **attributes: str) -> Any:
    element = ET.SubElement(parent, tag, attributes)
    if text:
        element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return text.translate(_CLEAN)


def _spoken(parent: Any, name: str, labels: Mapping[str, str]) -> None:
    for language, text in labels.items():
        if text:
            _add(parent, name, text).set(_LANG, language)


def _variable(data: Any, dataset: Dataset, column: Column, **attributes: str) -> None:
    """One `var`; its children stand in the order that the schema wants."""
    numeric = column.kind in ("integer", "number")
    kind = "contin" if numeric and not column.tick else "discrete"
    element = _add(data, "var", name=_clean(column.name), intrvl=kind, **attributes)
    for language in dataset.languages:
        label = column.label(language)
        if label:
            _add(element, "labl", label).set(_LANG, language)
    question = _add(element, "qstn")
    _spoken(question, "qstnLit", column.variable.labels)
    missing = [option for option in column.options if option.missing]
    if missing:
        invalid = _add(element, "invalrng")
        for option in missing:
            _add(invalid, "item", VALUE=_clean(option.code))
    if column.variable.relevant:
        _add(element, "universe", column.variable.relevant, clusion="I")
    answered = int(column.answered.sum())
    _add(element, "sumStat", str(answered), type="vald")
    _add(element, "sumStat", str(len(column.statuses) - answered), type="invd")
    if numeric and answered and not column.tick:
        values = column.numbers[column.answered]
        for name, value in (("min", values.min()), ("max", values.max()), ("mean", values.mean())):
            _add(element, "sumStat", repr(float(value)), type=name)
    _categories(element, column)
    form = _add(element, "varFormat", type="numeric" if numeric else "character")
    if column.kind in ("date", "time"):
        form.set("category", column.kind)


def _categories(element: Any, column: Column) -> None:
    counts = np.bincount(column.texts.codes[column.texts.codes >= 0], minlength=len(column.texts.categories))
    frequency = dict(zip(column.texts.categories, counts.tolist(), strict=True))
    for option in column.options:
        category = _add(element, "catgry", missing="Y" if option.missing else "N")
        _add(category, "catValu", option.code)
        _spoken(category, "labl", option.labels)
        _add(category, "catStat", str(frequency.get(option.code, 0)), type="freq")
