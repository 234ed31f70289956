"""Types in all their spellings, old ones too -> what they are here, and the one spelling that goes back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checklist_kit.model.items import RECORDED


@dataclass(frozen=True, slots=True)
class Type:
    """`kind` is the item type here, `cell` the type in its usual spelling; `list` and `other` are those of a select.

    `kind` is `open` or `close` for the rows around a group (`cell` then says which), and empty for no known type.
    `source` says where the list of a select is, if not in the sheet `choices`: in a `file` of that name, or `external`.
    """

    kind: str
    cell: str
    list: str = ""
    other: bool = False
    source: str = ""


_SPELLINGS: dict[str, tuple[str, ...]] = {
    "text": ("string", "q string", "add text prompt"),
    "integer": ("int", "q int", "add integer prompt"),
    "decimal": ("q decimal", "add decimal prompt"),
    "date": ("q date", "add date prompt"),
    "time": (),
    "dateTime": ("datetime", "date time", "q datetime", "q date time", "add datetime prompt", "add date time prompt"),
    "note": ("q note", "add note prompt"),
    "image": ("photo", "q picture", "q image", "add image prompt", "add photo prompt"),
    "geopoint": ("gps", "location", "q geopoint", "q location", "add location prompt"),
    "acknowledge": ("q acknowledge", "add acknowledge prompt"),
    "calculate": ("q calculate", "add calculate prompt"),
    "audio": ("q audio", "add audio prompt"),
    "video": ("q video", "add video prompt"),
    "file": ("add file prompt",),
    "barcode": ("q barcode", "add barcode prompt"),
    "geotrace": ("q geotrace",),
    "geoshape": ("q geoshape",),
    "start": ("start time", "get start time"),
    "end": ("end time", "get end time"),
    "today": ("get today",),
    "deviceid": ("imei", "device id", "get device id"),
    "subscriberid": ("subscriber id", "get subscriber id"),
    "simserial": ("sim id", "get sim id"),
    "phonenumber": ("get phone number",),
}
_USUAL = {spelling: usual for usual, spellings in _SPELLINGS.items() for spelling in (usual.lower(), *spellings)}
# What is not here as such, and what is nearest to it; the own type is kept beside it.
_NEAREST = {
    "dateTime": "datetime",
    "trigger": "acknowledge",
    "audio": "image",
    "video": "image",
    "file": "image",
    "osm": "image",
    "barcode": "text",
    "geotrace": "text",
    "geoshape": "text",
    "range": "integer",
    "percentage": "integer",
    "boolean": "integer",
    "number of days in last month": "integer",
    "number of days in last six months": "integer",
    "number of days in last year": "integer",
    "phone number": "text",
    "csv-external": "hidden",
    "xml-external": "hidden",
}
_OURS = {"text", "integer", "decimal", "date", "time", "note", "image", "geopoint", "acknowledge", "calculate"}
_SPLIT = re.compile(r"[\s,;]+(?=[\w-]+\s*=)")
_GROUP = re.compile(r"(begin|end)[\s_]+(group|lgroup|looped group|repeat|loop)(\s.*)?", re.IGNORECASE)
_ONE = r"select[_ ]one(?: from)?|select1|q select1|(?:add )?select one(?: prompt)? using"
_MANY = (
    r"select[_ ]multiple(?: from)?|select all that apply(?: from)?|q select|(?:add )?select multiple(?: prompt)? using"
)
_SELECT = re.compile(
    rf"(?:(?P<one>{_ONE})|(?P<many>{_MANY})) (?P<list>\S+)(?P<other> (?:or specify other|or[_ ]other))?", re.IGNORECASE
)
# Lists in files and in a sheet of their own, and those whose order is the answer.
_FROM_FILE = re.compile(r"(select[_ ](?:one|multiple))[_ ]from[_ ]file (\S+)", re.IGNORECASE)
_EXTERNAL = re.compile(r"select_one_external (\S+)", re.IGNORECASE)
_RANK = re.compile(r"rank (\S+)", re.IGNORECASE)
SETTINGS = {"form_title", "set_form_title", "form_id", "set_form_id"}


def type_of(cell: str) -> Type:
    """Return what a type is."""
    cell = " ".join(cell.split())
    if found := _GROUP.fullmatch(cell):
        word, what = found[1].lower(), found[2].lower()
        kind = "open" if word == "begin" else "close"
        if what == "loop":
            return Type(kind, cell)
        return Type(kind, f"{word}_{'group' if what == 'group' else 'repeat'}")
    if found := _RANK.fullmatch(cell):
        return Type("text", f"rank {found[1]}")
    if found := _EXTERNAL.fullmatch(cell):
        return Type("select_one", f"select_one_external {found[1]}", found[1], source="external")
    if found := _FROM_FILE.fullmatch(cell):
        kind = found[1].lower().replace(" ", "_")
        return Type(kind, f"{kind}_from_file {found[2]}", found[2], source="file")
    if found := _SELECT.fullmatch(cell):
        if found["list"].startswith("${"):  # the choices are earlier answers
            return Type("text", cell)
        kind = "select_one" if found["one"] else "select_multiple"
        other = bool(found["other"])
        return Type(kind, f"{kind} {found['list']}{' or_other' if other else ''}", found["list"], other)
    usual = _USUAL.get(cell.lower(), cell)
    if usual in _OURS or usual in RECORDED:
        return Type(usual, usual)
    if usual.startswith("uri:") and usual[4:] in RECORDED:
        return Type(usual[4:], usual)
    return Type(_NEAREST.get(usual.partition(" ")[0] if usual.startswith("osm ") else usual, ""), usual)


def parameters(cell: str) -> dict[str, str]:
    """Return settings such as `rows=3 max-pixels=1024`; empty where a cell is none."""
    pairs = [part.partition("=") for part in _SPLIT.split(cell.strip()) if part]
    if not all(equals and value.strip() for _, equals, value in pairs):
        return {}
    return {name.strip(): value.strip() for name, _, value in pairs}
