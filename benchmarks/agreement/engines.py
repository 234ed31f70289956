"""The engines that are asked: each answers for forms whether an expression holds, and whether its opposite does."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.agreement import naive
from benchmarks.agreement.material import CHECKLIST, Asked, Form
from checklist_kit.logic import Condition, Symbol, certainly, certainly_not
from checklist_kit.logic import tree as t
from tests.engines.javarosa import OFFSET

INEXPRESSIBLE = "inexpressible"
"""The verdict where a target says itself that the engine has no expression for this."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an expression held, and its opposite, in an engine: as compiled, and as written down naively."""

    asked: Asked
    compiled: tuple[Any, Any]
    plain: tuple[Any, Any]


class Engine(ABC):
    """An engine that stays up while it is asked. `batch` is how many forms it is given at once."""

    batch = 10

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def verdicts(self, forms: Sequence[Form]) -> Iterator[Verdict]:
        """Ask about all expressions of some forms."""
        for form, answers in zip(forms, self.ask(forms), strict=True):
            for number, asked in enumerate(form.asked):
                first, second, third, fourth = answers[4 * number : 4 * number + 4]
                yield Verdict(asked, (first, second), (third, fourth))

    @abstractmethod
    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """For each form, four values an expression: it holds, its opposite holds; the same, naively."""


def _written(form: Form, compiled: Callable[[Condition], str], plain: Callable[[Condition], str]) -> list[str]:
    found = []
    for asked in form.asked:
        for write in (compiled, plain):
            found += [write(asked.tree), write(t.Not(asked.tree))]
    return found


class SurveyJS(Engine):
    """survey-core, in Node."""

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """All expressions over the answers of their form, in one request."""
        from checklist_kit.targets.surveyjs.expressions import Expressions, Rows

        here = Expressions((), lambda _: Rows())
        written = [_written(form, here.relevant, naive.SURVEYJS.write) for form in forms]
        cases = [(text, self._held(form)) for form, texts in zip(forms, written, strict=True) for text in texts]
        found = iter(self._engine.evaluate(cases))
        return [[next(found).truth for _ in texts] for texts in written]

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import surveyjs

        return self.stack.enter_context(surveyjs.SurveyJS())

    @staticmethod
    def _held(form: Form) -> dict[str, Any]:
        held = {name: _plain(value) for name, value in form.known.items() if value is not None}
        return held | {"rows": [{name: value for name, value in row.items() if value is not None} for row in form.rows]}


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return list(value)
        case datetime.time():
            return f"{value:%H:%M}"
        case datetime.date():
            return value.isoformat()
        case _:
            return value


class _XForms(Engine):
    """What both XPath engines are told."""

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """One instance a form, all its expressions over it."""
        from checklist_kit.targets.xlsform.xpath import Expressions

        calculations = ("truth", "share", "first_day")
        here = Expressions(named=str, computed=lambda symbol: symbol.name in calculations, asked=lambda _: None)
        found = []
        for form in forms:
            written = _written(form, lambda condition: str(here.relevant(condition)), naive.XPATH.write)
            found.append(self.evaluate(self._instance(form), [self._with_paths(text) for text in written]))
        return found

    @abstractmethod
    def evaluate(self, instance: str, cases: list[str]) -> list[Any]:
        """The values of expressions, as truths."""

    @staticmethod
    def path(name: str) -> str:
        """The path of a question."""
        return f"/data/rows/{name}" if name in ("n", "w") else f"/data/{name}"

    def _with_paths(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda name: f" {self.path(name[1])} ", text)

    @staticmethod
    def _instance(form: Form) -> str:
        flat = "".join(f"<{name}>{escape(_stored(value))}</{name}>" for name, value in form.known.items())
        rows = "".join(f"<rows><n>{_stored(row['n'])}</n><w>{_stored(row['w'])}</w></rows>" for row in form.rows)
        return f'<data id="x" xmlns="">{flat}{rows}</data>'


def _stored(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case tuple():
            return " ".join(value)
        case datetime.time():
            return f"{value:%H:%M}:00.000{OFFSET}"
        case _:
            return str(value)


class OpenRosa(_XForms):
    """Enketo's evaluator, in Node."""

    def evaluate(self, instance: str, cases: list[str]) -> list[Any]:
        """The values of expressions."""
        return list(self._engine.evaluate(instance, [(case, "/data", "boolean") for case in cases]))

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import openrosa

        return self.stack.enter_context(openrosa.OpenRosa())


class JavaRosa(_XForms):
    """The engine of ODK Collect and Validate."""

    def evaluate(self, instance: str, cases: list[str]) -> list[Any]:
        """The values of expressions."""
        from tests.engines.javarosa import form

        mark = "<rows>" if "<rows>" in instance else "</data>"
        before, _, after = instance.partition(mark)  # new instances are made from a template
        xform = form(self._binds, f'{before}<rows jr:template=""><n/><w/></rows>{mark}{after}')
        return list(self._engine.evaluate(xform, [(case, "/data") for case in cases]))

    @cached_property
    def _binds(self) -> dict[str, str]:
        kinds = {"integer": "int", "decimal": "decimal", "date": "date", "time": "time", "image": "binary"}
        items = [entry.item for entry in CHECKLIST.questions]
        return {self.path(item.name): kinds.get(item.type, "string") for item in items}

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import javarosa

        return self.stack.enter_context(javarosa.JavaRosa())


class _Spreadsheet(Engine):
    """What both spreadsheet engines are told: one workbook, a row a form, its expressions at the end of the row."""

    batch = 50
    first_result = 40

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """All forms in one workbook."""
        formulas = [self._formulas(form) for form in forms]
        width = max(map(len, formulas))
        values = self.recalculated(self._book(forms, formulas), len(forms), width)
        return [
            [INEXPRESSIBLE if text is None else value for text, value in zip(texts, row, strict=False)]
            for texts, row in zip(formulas, values, strict=True)
        ]

    @abstractmethod
    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""

    @cached_property
    def _tools(self) -> Any:
        from checklist_kit.targets.workbook.cells import Places
        from checklist_kit.targets.workbook.closure import Closure
        from checklist_kit.targets.workbook.columns import tables
        from checklist_kit.targets.workbook.formulas import RowFormulas

        sheets = tables(CHECKLIST)
        closure = Closure(CHECKLIST)
        return sheets, closure, RowFormulas(Places(sheets), closure, sheets[""])

    def _formulas(self, form: Form) -> list[str | None]:
        from checklist_kit.targets.workbook.closure import Inexpressible

        _, closure, rows = self._tools

        def compiled(condition: Condition) -> str | None:
            try:
                return str(rows.text(closure.when(condition)))
            except Inexpressible:
                return None

        return _written(form, compiled, self._naive.write)  # type: ignore[arg-type,return-value]

    @cached_property
    def _naive(self) -> naive.Dialect:
        from checklist_kit.targets.workbook.columns import letters

        sheets, _, _ = self._tools

        def cells(symbol: Symbol) -> str:
            item = CHECKLIST.by_name[symbol.name].item
            return (
                f"({self._naive.write(item.calculation.tree)})"
                if item.type == "calculate"
                else sheets[""].cells(symbol.name)
            )  # type: ignore[union-attr]

        def has(symbol: Symbol, code: str) -> str:
            return f"(${letters(sheets[''].span(symbol.name)[0] + symbol.codes.index(code))}5=1)"

        def total(repeat: str, name: str | None) -> str:
            ids = f"'{sheets[repeat].sheet}'!$A$5:$A$5000"
            if name is None:
                return f"COUNTIF({ids},$A5)"
            column = letters(sheets[repeat].span(name)[0])
            return f"SUMIF({ids},$A5,'{sheets[repeat].sheet}'!${column}$5:${column}$5000)"

        return naive.spreadsheet(cells, has, total)

    def _book(self, forms: Sequence[Form], formulas: list[list[str | None]]) -> bytes:
        import xlsxwriter

        sheets, _, _ = self._tools
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            formats = {
                kind: book.add_format({"num_format": f})
                for kind, f in ((datetime.date, "yyyy-mm-dd"), (datetime.time, "hh:mm"))
            }
            main, inner = book.add_worksheet(sheets[""].sheet), book.add_worksheet(sheets["rows"].sheet)
            below = 4
            for number, (form, texts) in enumerate(zip(forms, formulas, strict=True)):
                _write_row(main, 4 + number, sheets[""], {"submission_id": f"s{number}", **form.answers}, formats)
                for position, row in enumerate(form.rows, 1):
                    _write_row(
                        inner,
                        below,
                        sheets["rows"],
                        {"submission_id": f"s{number}", "instance": str(position), **row},
                        formats,
                    )
                    below += 1
                for column, text in enumerate(texts, self.first_result):
                    if text is not None:
                        main.write_formula(4 + number, column, "=" + _moved(text, 5 + number), None, "")
        return stream.getvalue()


def _write_row(sheet: Any, row: int, table: Any, values: dict[str, Any], formats: Any) -> None:
    for column, key in enumerate(table.keys):
        sheet.write_string(row, column, values[key])
    for number, column in enumerate(table.columns, len(table.keys)):
        value = values[column.question.name]
        if isinstance(value, tuple):
            sheet.write_number(row, number, int(column.choice.code in value))
        elif isinstance(value, str):
            sheet.write_string(row, number, value)
        elif isinstance(value, datetime.date | datetime.time):
            sheet.write_datetime(row, number, value, formats[type(value)])
        elif value is not None:
            sheet.write_number(row, number, value)


_CELL = re.compile(r'"(?:[^"]|"")*"|\$([A-Z]{1,3})5\b')


def _moved(formula: str, row: int) -> str:
    return _CELL.sub(lambda found: f"${found[1]}{row}" if found[1] else found[0], formula)


class Formualizer(_Spreadsheet):
    """The spreadsheet engine in a wheel."""

    batch = 10  # its time grows with the square

    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""
        import formualizer

        engine = formualizer.Workbook.from_bytes(book)
        first = self.first_result + 1
        return [
            [engine.evaluate_cell("Responses", 5 + row, first + column) for column in range(columns)]
            for row in range(rows)
        ]


class LibreOffice(_Spreadsheet):
    """LibreOffice Calc, by UNO."""

    def recalculated(self, book: bytes, rows: int, columns: int) -> list[list[Any]]:
        """The values of the formulas."""
        from checklist_kit.targets.workbook.columns import letters

        first, last = letters(self.first_result), letters(self.first_result + columns - 1)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(book)
            found = self._engine.read(path, f"Responses!{first}5:{last}{4 + rows}")
        return [
            [found[f"Responses!{letters(self.first_result + column)}{5 + row}"] for column in range(columns)]
            for row in range(rows)
        ]

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import libreoffice

        return self.stack.enter_context(libreoffice.LibreOffice())


class Vector(Engine):
    """Our columns, over numpy; beside them pandas, with its operators as they stand."""

    batch = 200

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """Every expression over the columns of all forms, read at its own."""
        from checklist_kit.analysis.problems import ProblemLog
        from checklist_kit.analysis.settle import readers, settle
        from checklist_kit.analysis.vector import Vector as Columns
        from tests.analysis.helpers import submission

        submissions = [submission(self._raw(form.answers), f"s{n}") for n, form in enumerate(forms)]
        state = settle(CHECKLIST, readers(CHECKLIST), submissions, datetime.date.today(), ProblemLog(CHECKLIST))
        columns = Columns(state.data, state.data.frames[""])
        plain = _Frame(forms)
        return [
            [
                value
                for asked in form.asked
                for value in (
                    bool(columns.compile(certainly(asked.tree))[number]),
                    bool(columns.compile(certainly_not(asked.tree))[number]),
                    plain.holds(asked.tree, number),
                    plain.holds(t.Not(asked.tree), number),
                )
            ]
            for number, form in enumerate(forms)
        ]

    def _raw(self, answers: dict[str, Any]) -> dict[str, Any]:
        return {
            name: [self._raw(row) for row in value] if isinstance(value, list) else _plain(value)
            for name, value in answers.items()
            if value is not None
        }


class _Frame:
    """Answers as pandas holds them, one row a form."""

    def __init__(self, forms: Sequence[Form]) -> None:
        import pandas as pd

        self.columns = {entry.item.name: self._column(entry, [form.known[entry.item.name] for form in forms])
                        for entry in CHECKLIST.questions if not entry.repeats}  # fmt: skip
        self.columns["count.rows"] = pd.Series([len(form.rows) for form in forms])
        for name in ("n", "w"):
            total = [sum(row[name] or 0 for row in form.rows) for form in forms]
            self.columns[f"sum.{name}"] = pd.Series(total, dtype="float64")
        self.size = len(forms)

    @staticmethod
    def _column(entry: Any, values: list[Any]) -> Any:
        import pandas as pd

        kind = CHECKLIST.symbols[entry.item.name].kind
        if kind is t.Kind.DATE:
            return pd.to_datetime(pd.Series(values, dtype="object"))
        if kind is t.Kind.NUMBER:
            return pd.Series(values, dtype="float64")
        if kind is t.Kind.CHOICES:
            return pd.Series([None if value is None else " ".join(value) for value in values], dtype="object")
        if kind is t.Kind.TIME:
            return pd.Series([None if value is None else f"{value:%H:%M}" for value in values], dtype="str")
        return pd.Series(values, dtype="object")

    def holds(self, condition: Condition, number: int) -> Any:
        """Whether pandas holds a condition for true at a row; the name of the error where it fails."""
        import numpy as np
        import pandas as pd

        def choose(when: Any, then: Any, otherwise: Any) -> Any:
            then, otherwise = (
                part if isinstance(part, pd.Series) else pd.Series([part] * self.size) for part in (then, otherwise)
            )
            return then.where(np.broadcast_to(np.asarray(when, dtype=bool), self.size), otherwise)

        def days(start: Any, end: Any) -> Any:
            found = end - start
            return found.dt.days if isinstance(found, pd.Series) else found.days

        names = {"q": self.columns, "pd": pd, "choose": choose, "days": days}
        try:
            with np.errstate(all="ignore"):
                found = eval(naive.PANDAS.write(condition), names)
        except (TypeError, ZeroDivisionError, ValueError, AttributeError) as error:
            return type(error).__name__
        return bool(found.iloc[number] if isinstance(found, pd.Series) else found)


ENGINES: dict[str, type[Engine]] = {
    "numpy": Vector,
    "survey-core": SurveyJS,
    "formualizer": Formualizer,
    "libreoffice": LibreOffice,
    "openrosa": OpenRosa,
    "javarosa": JavaRosa,
}
