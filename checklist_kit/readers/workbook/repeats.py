"""The instances of repeats, which stand on sheets of their own, find the submission and the instance around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from checklist_kit.model import Checklist, Entry
from checklist_kit.protocols import Problem, Record, Submission
from checklist_kit.readers.workbook.headings import as_text
from checklist_kit.readers.workbook.rows import Row, Table, raw_text


@dataclass(slots=True)
class _Found:
    """A submission, and its instances by repeat and path: `3`, or `north/3` in a nested repeat."""

    submission: Submission
    instances: dict[str, dict[str, Record]] = field(default_factory=dict)


class Repeats:
    """Gives instances to submissions. The rows of outer repeats come first."""

    def __init__(self, checklist: Checklist, submissions: Iterable[Submission]) -> None:
        self._checklist = checklist
        self._by_id: dict[str, list[_Found]] = {}
        for submission in submissions:
            self._by_id.setdefault(submission.id, []).append(_Found(submission))

    def attach(self, row: Row, table: Table, entry: Entry) -> Iterator[Problem]:
        """Give an instance to its submission; yield its cells as problems where that cannot be told."""
        candidates = self._by_id.get(row.submission, [])
        if len(candidates) != 1:
            whose = "more than one row" if candidates else "no row"
            message = f"{whose} of the submissions has the submission_id `{row.submission}`"
            yield from _lost(row, table, message if row.submission else "the row has no submission_id")
            return
        found = candidates[0]
        path = as_text(row.record.instance)
        place = table.instance_place(row.number)
        around = self._around(entry, found, path, place)
        if around is None:
            message = f"`{path}` names no instance of `{entry.repeats[-1].name}` and one of `{entry.item.name}` in it"
            yield from _lost(row, table, message)
            return
        above, holder = around
        if entry.repeats:
            row.record.instance = path[len(above) + 1 :]
        holder.repeats.setdefault(entry.item.name, []).append(row.record)
        found.instances.setdefault(entry.item.name, {}).setdefault(path, row.record)
        found.submission.cells += row.cells
        found.submission.problems += row.problems

    def _around(self, entry: Entry, found: _Found, path: str, place: str) -> tuple[str, Record] | None:
        """The path and the record of what an instance stands in."""
        if not entry.repeats:
            return "", found.submission.record
        outer = self._checklist.by_name[entry.repeats[-1].name]
        known = found.instances.setdefault(outer.item.name, {})
        above = max((name for name in known if path.startswith(f"{name}/")), key=len, default=path.rpartition("/")[0])
        if above and above not in known:
            self._make(outer, found, above, place)
        return (above, known[above]) if above in known else None

    def _make(self, entry: Entry, found: _Found, path: str, place: str) -> None:
        """Add an instance that has no row of its own, because another stands in it."""
        around = self._around(entry, found, path, place)
        if around is None:
            return
        above, holder = around
        submission, name = found.submission, entry.item.name
        made = Record({}, lambda _: "", instance=path[len(above) + 1 :] if above else path)
        holder.repeats.setdefault(name, []).append(made)
        found.instances[name][path] = made
        message = f"the instance `{path}` of `{name}` has no row of its own; it counts as one without answers"
        fields = {"item": name, "raw": path, "place": place}
        submission.problems.append(Problem.of("file-missing-instance", message, submission.source, **fields))


def _lost(row: Row, table: Table, message: str) -> Iterator[Problem]:
    """The cells of a row that belongs to no submission; the row itself where it has none."""
    filled = {key: value for key, value in row.record.values.items() if value != ""}
    for key, value in filled.items():
        fields = {"item": key, "raw": raw_text(value), "place": row.record.place(key)}
        yield Problem.of("file-lost-row", message, table.source, submission_id=row.submission, aside=True, **fields)
    yield from (replace(problem, submission_id=row.submission) for problem in row.problems)
    if not filled and not row.problems:
        place = table.sheet.place(row.number, 0)
        yield Problem.of("file-lost-row", message, table.source, submission_id=row.submission, place=place)
