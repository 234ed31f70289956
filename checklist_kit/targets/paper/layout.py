"""The layout file: where on which page each mark is, for the reader of filled forms."""

from __future__ import annotations

import json

from checklist_kit.model import Checklist


def layout_file(checklist: Checklist, language: str, pages: list[dict[str, object]]) -> bytes:
    """Return the layout file of one edition of a form; one mark a line, so that two layouts can be compared by eye."""
    head = {"checklist": checklist.id, "version": checklist.version, "hash": checklist.hash, "language": language}
    text = json.dumps({**head, "pages": []}, ensure_ascii=False)
    return (text.removesuffix("]}") + ",".join(map(_page, pages)) + "\n]}\n").encode()


def _page(page: dict[str, object]) -> str:
    head = json.dumps({key: page[key] for key in ("page", "width_mm", "height_mm")}).removesuffix("}")
    lists = [f'"{name}": [{_lines(page[name])}]' for name in ("marks", "fiducials")]
    return f"\n{head}, {', '.join(lists)}}}"


def _lines(rows: object) -> str:
    assert isinstance(rows, list)
    return ",".join("\n  " + json.dumps(row, ensure_ascii=False) for row in rows)
