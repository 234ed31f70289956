"""Type rows into a workbook as its filler would: `python typed.py BOOK.xlsx`, the rows of a Markdown table as input."""

from __future__ import annotations

import sys

import openpyxl

FIRST_ROW = 5


def main(path: str, table: str) -> None:
    """Put each row of the table into the next free row; its head names columns by the ids in the first row."""
    head, _, *rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines()]
    book = openpyxl.load_workbook(path)
    sheet = book["Responses"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, FIRST_ROW):
        for name, text in zip(head, row, strict=True):
            if text:
                code = name in ("submission_id", "station")
                sheet.cell(number, columns[name], text if code or not text.isdigit() else int(text))
    book.save(path)


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.read())
