"""Filling a form of each channel with given answers, as an observer's phone or a typist's hands would."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

import openpyxl

import checklist_kit as ck
from checklist_kit.model import Checklist, Item, Question, Repeat, Section, SelectMultiple
from tests.law.expected import canonical

Answers = Mapping[str, Any]


def web(checklist: Checklist, given: list[Answers]) -> bytes:
    """Return one envelope a line, the data as SurveyJS hands it over."""
    lines = (
        {
            "id": f"s{number}",
            "received_at": "2024-02-07T19:30:00",
            "version": checklist.version,
            "data": dict(_web_data(checklist.items, answers)),
        }
        for number, answers in enumerate(given)
    )
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def _web_data(items: tuple[Item, ...], given: Answers) -> Iterator[tuple[str, Any]]:
    for item in items:
        if isinstance(item, Section):
            yield from _web_data(item.items, given)
        elif isinstance(item, Repeat):
            instances = [
                {"_instance": name, **dict(_web_data(item.items, answers))}
                if item.over
                else dict(_web_data(item.items, answers))
                for name, answers in given[item.name].items()
            ]
            if instances:
                yield item.name, instances
        elif isinstance(item, Question) and given[item.name] is not None:
            yield item.name, _web_value(item, given[item.name])


def _web_value(item: Question, value: Any) -> Any:
    if isinstance(item, SelectMultiple):
        return list(value)
    if isinstance(value, bool | int | float):
        return value
    return value if isinstance(value, str) else canonical(value)


def workbook(checklist: Checklist, given: list[Answers]) -> bytes:
    """Return the workbook that the target makes, filled in."""
    (data,) = ck.build(checklist, "workbook").files.values()
    book = openpyxl.load_workbook(io.BytesIO(data))
    for number, answers in enumerate(given):
        _fill_sheet(book, "Responses", checklist.items, answers, (f"s{number}",), f"s{number}")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill_sheet(
    book: openpyxl.Workbook, sheet: str, items: tuple[Item, ...], given: Answers, keys: tuple[str, ...], submission: str
) -> None:
    page = book[sheet]
    columns = {cell.value: cell.column for cell in page[1] if cell.value}
    row = max(5, 1 + max((cell.row for cell in page["A"] if cell.value is not None and cell.row >= 5), default=4))
    for column, key in enumerate(keys, 1):
        page.cell(row, column, key)
    for name, value in _cells(items, given):
        page.cell(row, columns[name]).value = value
        if isinstance(value, str):
            page.cell(row, columns[name]).data_type = "s"  # what begins with = is an answer and no formula
    for repeat in _repeats(items):
        above = keys[1] if len(keys) > 1 else ""
        for name, answers in given[repeat.name].items():
            path = f"{above}/{name}" if above else name
            _fill_sheet(book, repeat.name, repeat.items, answers, (submission, path), submission)


def _cells(items: tuple[Item, ...], given: Answers) -> Iterator[tuple[str, Any]]:
    for item in items:
        if isinstance(item, Section):
            yield from _cells(item.items, given)
        elif isinstance(item, SelectMultiple) and given[item.name] is not None:
            for code in item.choices.codes:
                yield f"{item.name}.{code}", int(code in given[item.name])
        elif isinstance(item, Question) and given[item.name] is not None:
            value = given[item.name]
            yield item.name, 1 if value is True else value


def _repeats(items: tuple[Item, ...]) -> Iterator[Repeat]:
    for item in items:
        if isinstance(item, Repeat):
            yield item
        elif isinstance(item, Section):
            yield from _repeats(item.items)
