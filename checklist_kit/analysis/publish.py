"""Findings as they may be published: nothing sensitive, and no figure that rests on a few units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from checklist_kit.analysis.each import findings_of
from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.privacy import is_sensitive
from checklist_kit.analysis.response import DISPOSITIONS, OBSERVERS, RATES, TIMES, Response
from checklist_kit.analysis.rows import FIGURES, REASONS
from checklist_kit.analysis.states import rests_on_sensitive
from checklist_kit.analysis.status import STATUSES
from checklist_kit.model import Checklist

SUPPRESSED = "suppressed"
"""The method of a row whose figures are withheld."""

_KEPT_OUT = [*REASONS, "outside"]
_WITHHELD = ["base", "count", *_KEPT_OUT, *FIGURES]

Row = dict[str, Any]


def without_sensitive(checklist: Checklist, found: Findings) -> Findings:
    """Leave out the indicators that rest on sensitive answers."""
    left = [one.name for one in findings_of(checklist) if not rests_on_sensitive(checklist, one)]
    return replace(found, table=found.table[found.table["indicator"].isin(left)].reset_index(drop=True))


def publishable(checklist: Checklist, found: Findings, minimum: int) -> Findings:
    """Return findings without sensitive indicators and without small cells in their table.

    A row is withheld where its base, those of the base with a yes, or those with a no are fewer than `minimum` and not
    none. Where that hides a single group of several, the group next in size is withheld too, because the hidden one
    would be what is left of all units. Missing kinds are withheld together where one is fewer than `minimum`: how many
    are not in the base is told by `n` and `base`; so are the classes of a distribution. Bounds are
    withheld with them. Units beyond a threshold are not listed, and checks not
    shown. The lists of single reports stay: they are not for publication.
    """
    found = without_sensitive(checklist, found)
    part = {group.name: group.by for group in found.groups}
    rows = found.rows()
    small = [_is_small(row, minimum) for row in rows]
    members: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if row["group"]:
            members.setdefault((row["indicator"], part[row["group"]]), []).append(at)
    for group in members.values():
        shown = [at for at in group if not small[at] and rows[at]["base"] > 0]
        if sum(small[at] for at in group) == 1 and shown:
            small[min(shown, key=lambda at: rows[at]["base"])] = True
    kept_out = [any(0 < row[name] < minimum for name in _KEPT_OUT) for row in rows]
    table = found.table.copy()
    table.loc[kept_out, _KEPT_OUT] = pd.NA
    table.loc[small, _WITHHELD] = pd.NA
    table.loc[[some or out for some, out in zip(small, kept_out, strict=True)], ["worst_low", "worst_high"]] = pd.NA
    table.loc[small, "method"] = SUPPRESSED
    few = found.distribution[found.distribution["count"].between(1, minimum - 1)]["indicator"]
    classes = found.distribution[~found.distribution["indicator"].isin([*few, *_names(rows, small)])]
    return replace(
        found,
        table=table,
        distribution=classes,
        beyond=found.beyond.iloc[:0],
        checked=None,
        response=_discreet(checklist, found.response, minimum),
        minimum=minimum,
    )


def _names(rows: list[Row], small: list[bool]) -> list[str]:
    return [row["indicator"] for row, is_small in zip(rows, small, strict=True) if is_small]


def _discreet(checklist: Checklist, response: Response | None, minimum: int) -> Response | None:
    """Return who reported without small counts, and without sensitive questions.

    Where one count is small those beside it go too, because all add up; how many there were to report, and how many
    did, stays where the rest is not small.
    """
    if response is None:
        return None
    table, items = response.table.copy(), response.items
    counts = [*DISPOSITIONS, *TIMES, *OBSERVERS]
    table[counts] = table[counts].astype("Int64")
    small = table[counts].apply(lambda column: column.between(1, minimum - 1)).any(axis=1)
    rest = table["units"] - table["complete"] - table["partial"]
    table.loc[small, [*counts, *(rate for rate in RATES if rate != "rr2")]] = pd.NA
    table.loc[small & rest.between(1, minimum - 1), "rr2"] = pd.NA
    open_ = [not is_sensitive(checklist.by_name[str(name)].item) for name in items["item"]]
    items = items[open_].reset_index(drop=True)
    kinds = [name for name in items if name in STATUSES]
    items[kinds] = items[kinds].astype("Int64")
    few = items[kinds].apply(lambda column: column.between(1, minimum - 1)).any(axis=1)
    items.loc[few, [*kinds, "nonresponse"]] = pd.NA
    return replace(response, table=table, items=items)


def _is_small(row: Row, minimum: int) -> bool:
    cells: Iterable[int] = (row["base"], row["count"] or 0)
    if row["count"] is not None:
        cells = (*cells, row["base"] - row["count"])
    return any(0 < cell < minimum for cell in cells)
