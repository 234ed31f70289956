"""Choice lists, written in the checklist or in a CSV file beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checklist_kit.diagnostics import Diagnostic, Related, Span
from checklist_kit.model import Choice, ChoiceFile, ChoiceList, Missing, Translated
from checklist_kit.source.files import Files, Source
from checklist_kit.source.nodes import Map, Mark, Seq, Slot, span_of
from checklist_kit.source.texts import is_choice_file, words
from checklist_kit.source.translations import Translations

_MISSING = {kind.value for kind in Missing} - {"not_asked"}


@dataclass
class ListBuilder:
    """Makes choice lists. `language` is that of a label given as a plain text."""

    files: Files
    language: str
    translations: Translations
    findings: list[Diagnostic] = field(default_factory=list)

    def build(self, name: str, node: Map) -> ChoiceList:
        """Return the list that a mapping of choices, or of `file:`, describes.

        Faulty choices are left out and found.
        """
        file = None
        if is_choice_file(node):
            choices = []
            if source := self._open(node):
                columns = node.text("value") or "code", node.text("label") or "label"
                file = ChoiceFile(source.path.name, source.text, *columns)
                choices = list(self._from_file(source, columns))
        else:
            choices = [choice for code in node if (choice := self._choice(node, code))]
        return ChoiceList(name=name, choices=tuple(self._distinct(choices, name)), span=node.span, file=file)

    def _choice(self, node: Map, code: str) -> Choice | None:
        span = node.key_span(code)
        value = node[code]
        if isinstance(value, Map) and ("label" in value or "missing" in value):
            missing = value.get("missing")
            attributes = value.get("attributes")
            return Choice(
                code=code,
                label=words(value, "label", self.language),
                span=span,
                missing=Missing(missing) if isinstance(missing, str) and missing in _MISSING else None,
                exclusive=value.get("exclusive") is True,
                was=former_names(value),
                attributes={key: attributes.text(key) or "" for key in attributes}
                if isinstance(attributes, Map)
                else {},
            )
        label = words(node, code, self.language)
        return Choice(code=code, label=label, span=span) if label else None

    def _distinct(self, choices: list[Choice], name: str) -> Iterator[Choice]:
        seen: dict[str, Choice] = {}
        for choice in choices:
            problem = _code_problem(choice.code)
            if problem:
                self.findings.append(
                    Diagnostic.of("name-invalid-choice", f"the choice code `{choice.code}` {problem}", choice.span)
                )
                continue
            folded = _numeric(choice.code) or choice.code.casefold()
            if folded in seen:
                first = seen[folded]
                message = (
                    f"the list `{name}` has `{choice.code}` twice"
                    if choice.code == first.code
                    else f"`{choice.code}` and `{first.code}` are the same to some apps"
                )
                self.findings.append(
                    Diagnostic.of(
                        "name-duplicate-choice",
                        message,
                        choice.span,
                        help="give each choice a code of its own",
                        related=[Related("the first one is here", first.span)],
                    )
                )
                continue
            seen[folded] = choice
            yield choice

    def _open(self, node: Map) -> Source | None:
        asked_at = node.value_span("file")
        holder = self.files.sources[node.slots["file"].file]
        place = self.files.resolve(node.text("file") or "", holder, asked_at)
        return self.files.open(*place, asked_at) if place else None

    def _from_file(self, source: Source, columns: tuple[str, str]) -> Iterator[Choice]:
        rows = csv.reader(io.StringIO(source.text), delimiter=_delimiter(source.text), strict=True)
        try:
            header = [cell.strip() for cell in next(rows, [])]
            if not self._is_header(header, columns, Span(source.name, 1, 1, 1, 2)):
                return
            line = rows.line_num + 1
            for row in rows:
                span = Span(source.name, line, 1, line, len(source.lines[line - 1]) + 1)
                if any(cell.strip() for cell in row[len(header) :]):
                    message = f"this row has {len(row)} cells, and the header {len(header)}"
                    self._find("schema-choice-file", message, span, "put a text that holds the separator in quotes")
                elif any(cell.strip() for cell in row):
                    yield self._from_row(dict(zip(header, row, strict=False)), columns, span, source)
                line = rows.line_num + 1
        except csv.Error as error:
            self._find(
                "schema-choice-file",
                f"this is no CSV: {error}",
                Span(source.name, rows.line_num, 1, rows.line_num, 2),
                "check the quotes",
            )

    def _is_header(self, header: list[str], columns: tuple[str, str], span: Span) -> bool:
        value, label = columns
        if value not in header or not any(column == label or column.startswith("label.") for column in header):
            needed = f"`{label}`" if label != "label" else "`label.<language>`"
            message = f"a choice file needs the columns `{value}` and {needed}"
            help_ = f"its columns are {', '.join(header) or 'none'}; `value:` and `label:` beside `file:` name others"
            self._find("schema-choice-file", message, span, help_)
            return False
        twice = next((column for column in header if column and header.count(column) > 1), None)
        if twice is not None:
            self._find("schema-choice-file", f"the column `{twice}` is here twice", span, "remove one of the two")
        return twice is None

    def _from_row(self, row: Mapping[str, str], columns: tuple[str, str], span: Span, source: Source) -> Choice:
        label = {column[6:]: text for column, text in row.items() if column.startswith("label.") and text}
        if row.get(columns[1]):
            label.setdefault(self.language, row[columns[1]])
        code, mark = row[columns[0]].strip(), Mark(span.line - 1, 0, span.end_line - 1, span.end_column - 1)
        added = self.translations.translate(source, code, label, Slot(span.file, mark, mark, None, None))
        places = {language: span_of(slot.file, slot.value) for language, slot in added.items()}
        label |= {language: slot.text or "" for language, slot in added.items()}
        missing = row.get("missing", "").strip()
        if missing and missing not in _MISSING:
            self._find(
                "schema-value",
                f"`{missing}` is no kind of missing answer",
                span,
                f"it is one of {', '.join(sorted(_MISSING))}",
            )
        others = {
            column: text.strip()
            for column, text in row.items()
            if column not in (*columns, "missing", "exclusive") and not column.startswith("label.")
        }
        return Choice(
            code=code,
            label=Translated(label, places) if places else label,
            span=span,
            missing=Missing(missing) if missing in _MISSING else None,
            exclusive=row.get("exclusive", "").strip().lower() in ("1", "true", "yes"),
            attributes=others,
        )

    def _find(self, code: str, message: str, span: Span, help_: str | None = None) -> None:
        self.findings.append(Diagnostic.of(code, message, span, help=help_))


def former_names(node: Map) -> tuple[str, ...]:
    """Return the names under `was`, one or a list."""
    value = node.get("was")
    if isinstance(value, Seq):
        return tuple(value.texts())
    text = node.text("was")
    return (text,) if text else ()


def _code_problem(code: str) -> str | None:
    if not code:
        return "is empty"
    if any(char.isspace() for char in code):
        return "holds white space"
    if ";" in code:
        return "holds `;`, which separates codes in a cell"
    return None


def _numeric(code: str) -> str | None:
    """Some apps take 01, 1 and 1.0 for the same."""
    try:
        return repr(float(code)) if code.isascii() else None
    except ValueError:
        return None


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","
