"""The page: one HTML file without scripts and without a request to anywhere.

Texts of the checklist and of the frame are data: each is escaped where it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from checklist_kit.analysis.findings import REASONS, Findings
from checklist_kit.analysis.grouping import Group
from checklist_kit.analysis.publish import SUPPRESSED, without_sensitive
from checklist_kit.analysis.report.chart import bar
from checklist_kit.analysis.report.speech import Speech, speech_in
from checklist_kit.analysis.states import names_in
from checklist_kit.model import Checklist, Indicator, Section

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_NUMBERS = ("reported", "base", "found", "share", "interval")

Row = dict[str, Any]


def render(checklist: Checklist, found: Findings) -> str:
    """Return the findings as one HTML page with all languages of the checklist, its default one first.

    Indicators that rest on sensitive answers do not stand in it.
    """
    default = checklist.default_language
    languages = [default, *(language for language in checklist.languages if language != default)]
    speeches = [speech_in(language) for language in languages]
    style = files("checklist_kit.analysis.report").joinpath("style.css").read_text(encoding="utf-8")
    found = without_sensitive(checklist, found)
    articles = "".join(_Article(checklist, found, speech).html(f"l{at}") for at, speech in enumerate(speeches))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(default)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(checklist.text(checklist.title))}</title>\n"
        f"<style>\n{style}{_shown(len(speeches))}</style>\n</head>\n<body>\n"
        f"{_switch(checklist, speeches)}<main>\n{articles}</main>\n</body>\n</html>\n"
    )


def _shown(count: int) -> str:
    """The rules that show the article of the language that was chosen."""
    return "".join(
        f"#l{at}:checked ~ main > .l{at} {{ display: block; }}\n"
        f"#l{at}:checked ~ nav [for=l{at}] {{ background: var(--key); border-color: var(--key); color: #fff; }}\n"
        f"#l{at}:focus-visible ~ nav [for=l{at}] {{ outline: 3px solid var(--bar); outline-offset: 1px; }}\n"
        for at in range(count)
    )


def _switch(checklist: Checklist, speeches: Sequence[Speech]) -> str:
    """One button a language. They stand before what they show, so that style alone can switch."""
    inputs = "".join(
        f'<input type="radio" name="language" id="l{at}"{" checked" * (at == 0)}>\n' for at in range(len(speeches))
    )
    labels = "".join(
        f'<label for="l{at}" lang="{escape(speech.language)}">{escape(checklist.languages[speech.language])}</label>'
        for at, speech in enumerate(speeches)
    )
    hidden = " hidden" if len(speeches) == 1 else ""
    return f'{inputs}<nav{hidden} aria-label="{escape(speeches[0].words["language"])}">{labels}</nav>\n'


class _Article:
    """The page in one language."""

    def __init__(self, checklist: Checklist, found: Findings, speech: Speech) -> None:
        self.checklist = checklist
        self.found = found
        self.speech = speech
        self.groups = {group.name: group for group in found.groups}
        self.titles = list(dict.fromkeys(self._title(group) for group in found.groups))
        self.rows: dict[str, list[Row]] = {}
        for row in found.rows():
            self.rows.setdefault(row["indicator"], []).append(row)

    def html(self, name: str) -> str:
        """The article of a class."""
        checklist, speech = self.checklist, self.speech
        sections = "".join(self._section(heading, shown) for heading, shown in self._sections())
        return (
            f'<article class="{name}" lang="{escape(speech.language)}" dir="{speech.direction}">\n'
            f"<h1>{escape(checklist.text(checklist.title, speech.language))}</h1>\n"
            f'<p class="soft"{self._foreign}>{self._say("version", version=checklist.version)}</p>\n'
            f"{self._grouped()}{sections}{self._about()}</article>\n"
        )

    def _grouped(self) -> str:
        """What the groups are, which then need not be said beside each of one kind."""
        if not self.titles:
            return ""
        return (
            f'<p class="soft"><span{self._foreign}>{self._say("groups")}</span>: {escape("; ".join(self.titles))}</p>\n'
        )

    @property
    def _foreign(self) -> str:
        """Marks the page's own words where they are in English for want of a translation."""
        return "" if self.speech.language.startswith(self.speech.spoken) else f' lang="{self.speech.spoken}" dir="ltr"'

    def _say(self, key: str, **values: object) -> str:
        return escape(self.speech.words[key].format(**values))

    def _sections(self) -> Iterator[tuple[Section | None, list[Indicator]]]:
        """The indicators by the section of the form whose questions they are about, in the order of the form."""
        found: dict[str, tuple[Section | None, list[Indicator]]] = {}
        for indicator in self.checklist.indicators:
            if indicator.name in self.rows:
                section = _section_of(self.checklist, indicator)
                found.setdefault(section.name if section else "", (section, []))[1].append(indicator)
        places = {entry.item.name: at for at, entry in enumerate(self.checklist.entries)}
        for name in sorted(found, key=lambda name: places.get(name, len(places))):
            yield found[name]

    def _section(self, section: Section | None, indicators: Sequence[Indicator]) -> str:
        if section is None:
            heading, foreign = self._say("others"), self._foreign
        else:
            heading, foreign = escape(self.checklist.text(section.label, self.speech.language)), ""
        rows = [(self._label(indicator, row), row) for indicator in indicators for row in self.rows[indicator.name]]
        bars = "".join(self._bar(label, row) for label, row in rows)
        lines = "".join(self._line(label, row) for label, row in rows)
        scale = "".join(f"<span>{self.speech.whole(part)}{self.speech.percent}</span>" for part in (0, 50, 100))
        heads = "".join(
            f'<th scope="col"{self._foreign}>{self._say(key)}</th>' for key in ("finding", *_NUMBERS, "kept_out")
        )
        return (
            f'<section>\n<h2{foreign}>{heading}</h2>\n<figure aria-label="{heading}">\n{bars}'
            f'<div class="row" aria-hidden="true"><span></span><span class="scale">{scale}</span><span></span></div>\n'
            "</figure>\n"
            f'<div class="wide"><table aria-label="{heading}">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{lines}</tbody>\n</table></div>\n</section>\n"
        )

    def _label(self, indicator: Indicator, row: Row) -> str:
        if not row["group"]:
            return self.checklist.text(indicator.label, self.speech.language)
        group: Group = self.groups[row["group"]]
        value = self.checklist.text(group.label, self.speech.language) or group.value
        return f"{self._title(group)}: {value}" if len(self.titles) > 1 else value

    def _title(self, group: Group) -> str:
        return self.checklist.text(group.title, self.speech.language) or group.by

    def _bar(self, label: str, row: Row) -> str:
        if row["share"] is None:
            drawn, value = "<span></span>", f"<span{self._foreign}>{self._nothing(row)}</span>"
        else:
            share, interval = self.speech.share(row["share"]), self.speech.interval(row["low"], row["high"])
            told = f"{label}: {share}, {self.speech.words['interval']} {interval}"
            drawn, value = bar(row["share"], row["low"], row["high"], told), f"<span>{share}</span>"
        kind = "row group" if row["group"] else "row"
        return f'<div class="{kind}"><span>{escape(label)}</span>{drawn}{value}</div>\n'

    def _line(self, label: str, row: Row) -> str:
        speech, nothing = self.speech, f'<td class="number"{self._foreign}>{self._nothing(row)}</td>'
        counts = "".join(
            nothing if row[name] is None else f'<td class="number">{speech.whole(row[name])}</td>'
            for name in ("n", "base", "count")
        )
        if row["share"] is None:
            shares = nothing * 2
        else:
            interval = speech.interval(row["low"], row["high"])
            shares = f'<td class="number">{speech.share(row["share"])}</td><td class="number">{interval}</td>'
        kind = ' class="group"' if row["group"] else ""
        return (
            f'<tr{kind}><th scope="row">{escape(label)}</th>{counts}{shares}'
            f"<td{self._foreign}>{self._kept_out(row)}</td></tr>\n"
        )

    def _nothing(self, row: Row) -> str:
        """Why there is no figure."""
        return self._say("withheld" if row["method"] == SUPPRESSED else "nothing")

    def _kept_out(self, row: Row) -> str:
        """Why units are not in the base, the most frequent reason first."""
        if row["outside"] is None:
            return self._say("withheld")
        kinds = sorted((-row[kind], at, kind) for at, kind in enumerate((*REASONS, "outside")) if row[kind] > 0)
        told = (f"{self.speech.words['kinds'][kind]} {self.speech.whole(-count)}" for count, _, kind in kinds)
        return escape(", ".join(told))

    def _about(self) -> str:
        found, left_out = self.found, len(self.checklist.indicators) - len(self.rows)
        method = "about_sample" if found.sampled else "about_simple"
        told = [self._say(key) for key in ("about_base", "about_chart", method)]
        if self.checklist.unit is not None:
            told.append(escape(self.speech.words["resolve"][found.resolve]))
        if found.minimum is not None:
            told.append(self._say("about_minimum", minimum=found.minimum))
        if len(found.unused):
            told.append(self._say("about_unused", count=self.speech.whole(len(found.unused))))
        if left_out:
            told.append(self._say("about_sensitive", count=left_out))
        parts = "".join(f'<p class="soft">{text}</p>\n' for text in told)
        return f"<footer{self._foreign}>\n<h2>{self._say('about')}</h2>\n{parts}</footer>\n"


def _section_of(checklist: Checklist, indicator: Indicator) -> Section | None:
    """The outermost section of the first question that an indicator is about and that stands in one."""
    sections = (checklist.by_name[name].sections for name in names_in(checklist, indicator))
    return next((above[0] for above in sections if above), None)
