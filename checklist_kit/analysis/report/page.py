"""The page: one HTML file without scripts and without a request to anywhere.

Texts of the checklist and of the frame are data: each is escaped where it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from checklist_kit.analysis.findings import Findings
from checklist_kit.analysis.publish import without_sensitive
from checklist_kit.analysis.report.chart import bar, column
from checklist_kit.analysis.report.speech import Speech, speech_in
from checklist_kit.analysis.report.story import Line, Part, Spread, Story, Table, story_of
from checklist_kit.model import Checklist

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
HEADS = ("finding", "reported", "base", "found", "share", "interval", "worst", "kept_out")
"""The columns of a table of findings, by the words for them; that of a share is another one for numbers."""


def languages_of(checklist: Checklist) -> list[str]:
    """Return the languages of a report, the checklist's default one first."""
    default = checklist.default_language
    return [default, *(language for language in checklist.languages if language != default)]


def render(checklist: Checklist, found: Findings) -> str:
    """Return the findings as one HTML page with all languages of the checklist, its default one first.

    Indicators that rest on sensitive answers do not stand in it.
    """
    speeches = [speech_in(language) for language in languages_of(checklist)]
    style = files("checklist_kit.analysis.report").joinpath("style.css").read_text(encoding="utf-8")
    found = without_sensitive(checklist, found)
    articles = "".join(
        _Article(story_of(checklist, found, speech)).html(f"l{at}") for at, speech in enumerate(speeches)
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(checklist.default_language)}">\n<head>\n<meta charset="utf-8">\n'
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

    def __init__(self, story: Story) -> None:
        self.story = story
        self.speech = story.speech

    def html(self, name: str) -> str:
        """The article of a class."""
        story = self.story
        parts = "".join(self._part(part) for part in story.parts)
        tables = "".join(self._table(table) for table in story.tables)
        about = "".join(f'<p class="soft">{escape(text)}</p>\n' for text in story.about)
        return (
            f'<article class="{name}" lang="{escape(self.speech.language)}" dir="{self.speech.direction}">\n'
            f"<h1>{escape(story.title)}</h1>\n"
            f'<p class="soft"{self._foreign}>{escape(story.version)}</p>\n'
            f"{self._grouped()}{parts}{tables}"
            f"<footer{self._foreign}>\n<h2>{self._say('about')}</h2>\n{about}</footer>\n</article>\n"
        )

    def _grouped(self) -> str:
        """What the groups are, which then need not be said beside each of one kind."""
        if not self.story.groups:
            return ""
        told = escape("; ".join(self.story.groups))
        return f'<p class="soft"><span{self._foreign}>{self._say("groups")}</span>: {told}</p>\n'

    @property
    def _foreign(self) -> str:
        """Marks the page's own words where they are in English for want of a translation."""
        return f' lang="{self.speech.spoken}" dir="ltr"' if self.speech.foreign else ""

    def _say(self, key: str) -> str:
        return escape(self.speech.words[key])

    def _part(self, part: Part) -> str:
        heading, foreign = escape(part.heading), self._foreign if part.ours else ""
        told = f"<p>{escape(' '.join(part.sentences))}</p>\n" if part.sentences else ""
        return (
            f"<section>\n<h2{foreign}>{heading}</h2>\n{told}{self._chart(heading, part.shares)}"
            f"{self._lines(heading, part.shares, 'share')}{self._lines(heading, part.numbers, 'number')}"
            f"{''.join(map(self._spread, part.spreads))}</section>\n"
        )

    def _chart(self, heading: str, lines: Sequence[Line]) -> str:
        if not lines:
            return ""
        scale = "".join(f"<span>{self.speech.percent(part)}</span>" for part in (0, 0.5, 1))
        return (
            f'<figure aria-label="{heading}">\n{"".join(map(self._bar, lines))}'
            f'<div class="row" aria-hidden="true"><span></span><span class="scale">{scale}</span><span></span></div>\n'
            "</figure>\n"
        )

    def _bar(self, line: Line) -> str:
        figure = line.cells[3]
        if line.bar is None or figure is None:
            drawn, value = "<span></span>", f"<span{self._foreign}>{escape(line.nothing)}</span>"
        else:
            drawn, value = bar(*line.bar, line.told), f"<span>{escape(figure)}</span>"
        kind = "row group" if line.group else "row"
        return f'<div class="{kind}"><span>{escape(line.label)}</span>{drawn}{value}</div>\n'

    def _lines(self, heading: str, lines: Sequence[Line], figure: str) -> str:
        if not lines:
            return ""
        keys = [figure if key == "share" else key for key in HEADS]
        heads = "".join(f'<th scope="col"{self._foreign}>{self._say(key)}</th>' for key in keys)
        rows = "".join(self._line(line) for line in lines)
        return (
            f'<div class="wide"><table class="findings" aria-label="{heading}">\n<thead><tr>{heads}</tr></thead>\n'
            f"<tbody>\n{rows}</tbody>\n</table></div>\n"
        )

    def _line(self, line: Line) -> str:
        *figures, kept_out = line.cells
        nothing = f'<td class="number"{self._foreign}>{escape(line.nothing)}</td>'
        cells = "".join(nothing if cell is None else f'<td class="number">{escape(cell)}</td>' for cell in figures)
        kind = ' class="group"' if line.group else ""
        return (
            f'<tr{kind}><th scope="row">{escape(line.label)}</th>{cells}'
            f"<td{self._foreign}>{escape(kept_out or '')}</td></tr>\n"
        )

    def _spread(self, spread: Spread) -> str:
        title = f"{spread.label}: {self.speech.words['spread']}"
        rows = "".join(
            f'<div class="row group"><span>{escape(name)}</span>{column(part, f"{name}: {count}")}'
            f"<span>{escape(count)}</span></div>\n"
            for name, count, part in spread.classes
        )
        units = ", ".join(f"{unit} ({number})" for unit, number in spread.beyond)
        beyond = f'<p class="soft">{escape(spread.title)}: {escape(units)}</p>\n' if units else ""
        name = escape(title)
        return f'<figure aria-label="{name}">\n<figcaption>{name}</figcaption>\n{rows}</figure>\n{beyond}'

    def _table(self, table: Table) -> str:
        heading = escape(table.heading)
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.columns)
        return (
            f'<section{self._foreign}>\n<h2>{heading}</h2>\n<div class="wide"><table aria-label="{heading}">\n'
            f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{''.join(_rows(table.rows))}</tbody>\n</table></div>\n</section>\n"
        )


def _rows(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    for first, *cells in rows:
        numbers = "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
        yield f'<tr><th scope="row">{escape(first)}</th>{numbers}</tr>\n'
