"""What a report says in one language, as plain data: the page and the PDF only lay it out."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from checklist_kit.analysis.each import findings_of
from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.grouping import Group
from checklist_kit.analysis.publish import SUPPRESSED
from checklist_kit.analysis.report.phrases import is_percent, sentence, written
from checklist_kit.analysis.report.speech import Speech
from checklist_kit.analysis.rows import REASONS, SMALL_BASE
from checklist_kit.analysis.states import names_in
from checklist_kit.model import Checklist, Figure, Indicator, Measure, Section, Share

SMALL = "†"
"""Stands beside a figure whose base is small."""

# What stands in each column of the table of reports.
_RESPONSES = (
    *(("units",), ("complete",), ("partial",), ("break_off",), ("refused", "expelled"), ("not_reported",)),
    *(("withdrawn", "not_sent"), ("late",), ("overdue",)),
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, or a group of one. `cells` are reported, base, found, figure, interval, at worst, and not in the base.

    A cell is None where there is no figure, which `nothing` says why. `bar` is the share with its interval (0 to 1).
    """

    label: str
    group: bool
    cells: tuple[str | None, ...]
    nothing: str
    bar: tuple[float, float, float] | None
    told: str


@dataclass(frozen=True, slots=True)
class Spread:
    """How the numbers of units are spread: each class with its count, and its share (0 to 1) of the largest one.

    `beyond` lists the units beyond the threshold with their numbers, under `title`; empty where there is none.
    """

    label: str
    classes: tuple[tuple[str, str, float], ...]
    title: str
    beyond: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: `heading` is in the report's own words where `ours`. `sentences` make a paragraph."""

    heading: str
    ours: bool
    sentences: tuple[str, ...]
    shares: tuple[Line, ...]
    numbers: tuple[Line, ...]
    spreads: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table about the reports themselves: the first cell of each row is its heading."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """The whole report in one language. `groups` are the titles of what makes groups."""

    speech: Speech
    title: str
    version: str
    groups: tuple[str, ...]
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    about: tuple[str, ...]


def story_of(checklist: Checklist, found: Findings, speech: Speech) -> Story:
    """Return what there is to say. Findings that rest on sensitive answers must be left out before."""
    return _Teller(checklist, found, speech).story()


class _Teller:
    def __init__(self, checklist: Checklist, found: Findings, speech: Speech) -> None:
        self.checklist = checklist
        self.found = found
        self.speech = speech
        self.indicators = findings_of(checklist)
        self.groups = {group.name: group for group in found.groups}
        self.titles = tuple(dict.fromkeys(self._title(group) for group in found.groups))
        self.rows: dict[str, list[Row]] = {}
        for row in found.rows():
            self.rows.setdefault(row["indicator"], []).append(row)

    def story(self) -> Story:
        """Tell it all."""
        return Story(
            speech=self.speech,
            title=self.checklist.text(self.checklist.title, self.speech.language),
            version=self.speech.say("version", version=self.checklist.version),
            groups=self.titles,
            parts=tuple(self._part(section, shown) for section, shown in self._sections()),
            tables=tuple(self._tables()),
            about=tuple(self._about()),
        )

    def _sections(self) -> Iterator[tuple[Section | None, list[Indicator]]]:
        """The indicators by the section of the form whose questions they are about, in the order of the form."""
        found: dict[str, tuple[Section | None, list[Indicator]]] = {}
        for indicator in self.indicators:
            if indicator.name in self.rows:
                section = _section_of(self.checklist, indicator)
                found.setdefault(section.name if section else "", (section, []))[1].append(indicator)
        places = {entry.item.name: at for at, entry in enumerate(self.checklist.entries)}
        for name in sorted(found, key=lambda name: places.get(name, len(places))):
            yield found[name]

    def _part(self, section: Section | None, indicators: Sequence[Indicator]) -> Part:
        own = [(one, self.rows[one.name][0]) for one in indicators]
        sentences = (sentence(one, row, self.speech) for one, row in own)
        return Part(
            heading=self.speech.say("others") if section is None else self._text(section.label),
            ours=section is None,
            sentences=tuple(one for one in sentences if one is not None),
            shares=tuple(self._lines(one for one in indicators if isinstance(one, Share))),
            numbers=tuple(self._lines(one for one in indicators if isinstance(one, Figure))),
            spreads=tuple(self._spreads(one for one in indicators if isinstance(one, Figure))),
        )

    def _text(self, words: Any) -> str:
        return self.checklist.text(words, self.speech.language)

    # Lines

    def _lines(self, indicators: Iterator[Indicator]) -> Iterator[Line]:
        for indicator in indicators:
            for row in self.rows[indicator.name]:
                yield self._line(self._label(indicator, row), row)

    def _line(self, label: str, row: Row) -> Line:
        speech, value = self.speech, row["value"]
        counts = tuple(None if row[name] is None else speech.whole(row[name]) for name in ("n", "base", "count"))
        doubt = row["worst_low"] is not None and row["worst_low"] < row["worst_high"]
        worst = speech.interval(row["worst_low"], row["worst_high"]) if doubt else ""
        figure = interval = bar = None
        told = label
        if value is not None and row["method"] != SUPPRESSED:
            figure = written(row, value, speech) + (SMALL if row["small_base"] else "")
            interval = "" if row["low"] is None else self._interval(row)
            if row["kind"] == "share":
                bar = (value, row["low"], row["high"])
            told = f"{label}: {figure}, {speech.words['interval']} {interval}"
        count = counts[2] if row["count"] is not None or row["kind"] == "share" else ""
        cells = (*counts[:2], count, figure, interval, worst, self._kept_out(row))
        nothing = speech.say("withheld" if row["method"] == SUPPRESSED else "nothing")
        return Line(label, bool(row["group"]), cells, nothing, bar, told)

    def _interval(self, row: Row) -> str:
        return (self.speech.interval if is_percent(row) else self.speech.span)(row["low"], row["high"])

    def _label(self, indicator: Indicator, row: Row) -> str:
        if not row["group"]:
            return self._text(indicator.label)
        group: Group = self.groups[row["group"]]
        value = self._text(group.label) or group.value
        return f"{self._title(group)}: {value}" if len(self.titles) > 1 else value

    def _title(self, group: Group) -> str:
        return self._text(group.title) or group.by

    def _kept_out(self, row: Row) -> str:
        """Why units are not in the base, the most frequent reason first."""
        if row["outside"] is None:
            return self.speech.say("withheld")
        kinds = sorted((-row[kind], at, kind) for at, kind in enumerate((*REASONS, "outside")) if row[kind] > 0)
        return ", ".join(f"{self.speech.words['kinds'][kind]} {self.speech.whole(-count)}" for count, _, kind in kinds)

    # How numbers are spread

    def _spreads(self, figures: Iterator[Figure]) -> Iterator[Spread]:
        for figure in figures:
            mine = self.found.distribution[self.found.distribution["indicator"] == figure.name].to_dict("records")
            if not mine:
                continue
            most = max(row["count"] for row in mine)
            classes = tuple(
                (self._class(figure, row["from"], row["to"]), self.speech.whole(row["count"]), row["count"] / most)
                for row in mine
            )
            far = self.found.beyond[self.found.beyond["indicator"] == figure.name].to_dict("records")
            write = self.speech.share if figure.measure is Measure.RATIO else self.speech.number
            units = tuple((str(row["unit"]), write(row["value"])) for row in far)
            title = self.speech.say("beyond", beyond=f"{figure.beyond:g}") if units else ""
            yield Spread(self._text(figure.label), classes, title, units)

    def _class(self, figure: Figure, low: float, high: float) -> str:
        if figure.measure is Measure.RATIO:
            ends = [self.speech.share(end) for end in (low, high)]
        else:
            digits = max(0, -math.floor(math.log10(high - low)))
            ends = [self.speech.decimal(end, digits) for end in (low, high)]
        return self.speech.say("distribution", low=ends[0], high=ends[1])

    # Tables about the reports

    def _tables(self) -> Iterator[Table]:
        if self.found.response is not None:
            yield self._responses(self.found.response.table.to_dict("records"))
        if self.found.checked is not None:
            yield self._checks(self.found.checked.table.to_dict("records"))

    def _responses(self, records: Sequence[Any]) -> Table:
        names = {report.name: report.label for report in self.checklist.reports}
        rows = []
        for row in records:
            label = self._text(names.get(row["report"], self.checklist.title))
            counts = [self._count([row[name] for name in names]) for names in _RESPONSES]
            rate = "" if pd.isna(row["rr2"]) else self.speech.share(row["rr2"])
            rows.append((row["group"] or label, *counts, rate))
        keys = ("units", "complete", "partial", "break_off", "refused_entry", "silent", "others_out", "late", "overdue")
        heads = tuple(self.speech.say(key) for key in ("report", *keys, "rate"))
        return Table(self.speech.say("response"), heads, tuple(rows))

    def _count(self, counts: Sequence[Any]) -> str:
        known = not any(pd.isna(count) for count in counts)
        return self.speech.whole(int(sum(counts))) if known else self.speech.say("withheld")

    def _checks(self, records: Sequence[Any]) -> Table:
        labels = {check.name: check.label for check in self.checklist.checks}
        heads = tuple(self.speech.say(key) for key in ("check", "checked", "failed"))
        rows = tuple(
            (
                f"{self._text(labels[row['check']])} ({self.speech.say(row['level'])})",
                self.speech.whole(row["checked"]),
                self.speech.whole(row["failed"]),
            )
            for row in records
        )
        return Table(self.speech.say("checks"), heads, rows)

    # How to read it

    def _about(self) -> Iterator[str]:
        found, say = self.found, self.speech.say
        left_out = len(self.indicators) - len(self.rows)
        rows = [row for rows in self.rows.values() for row in rows]
        yield from map(say, ("about_base", "about_chart", "about_sample" if found.sampled else "about_simple"))
        if self.checklist.figures:
            yield say("about_number")
        if any(row["worst_low"] is not None for row in rows):
            yield say("about_worst")
        if any(row["small_base"] and row["value"] is not None for row in rows):
            yield say("few_mark", small=SMALL_BASE)
        if found.response is not None:
            yield say("about_response")
        if self.checklist.unit is not None:
            yield self.speech.words["resolve"][found.resolve]
        if found.minimum is not None:
            yield say("about_minimum", minimum=found.minimum)
        if len(found.unused):
            yield say("about_unused", count=self.speech.whole(len(found.unused)))
        if left_out:
            yield say("about_sensitive", count=left_out)


def _section_of(checklist: Checklist, indicator: Indicator) -> Section | None:
    """The outermost section of the first question that an indicator is about and that stands in one."""
    sections = (checklist.by_name[name].sections for name in names_in(checklist, indicator))
    return next((above[0] for above in sections if above), None)
