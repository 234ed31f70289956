"""The engines that are asked: each answers for forms whether an expression holds, and whether its opposite does."""

from __future__ import annotations

import datetime
import re
from abc import abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.agreement import naive
from benchmarks.agreement.engine import Engine, plain, write_all
from benchmarks.agreement.material import CHECKLIST, Form
from benchmarks.agreement.spreadsheets import Formualizer, LibreOffice
from checklist_kit.logic import Condition, certainly, certainly_not
from checklist_kit.logic import tree as t
from tests.engines.javarosa import OFFSET


class SurveyJS(Engine):
    """survey-core, in Node."""

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """All expressions over the answers of their form, in one request."""
        from checklist_kit.targets.surveyjs.expressions import Expressions, Rows

        here = Expressions((), lambda _: Rows())
        written = [write_all(form, here.relevant, naive.SURVEYJS.write) for form in forms]
        cases = [(text, self._held(form)) for form, texts in zip(forms, written, strict=True) for text in texts]
        found = iter(self._engine.evaluate(cases))
        return [[next(found).truth for _ in texts] for texts in written]

    @cached_property
    def _engine(self) -> Any:
        from tests.engines import surveyjs

        return self.stack.enter_context(surveyjs.SurveyJS())

    @staticmethod
    def _held(form: Form) -> dict[str, Any]:
        held = {name: plain(value) for name, value in form.known.items() if value is not None}
        return held | {"rows": [{name: value for name, value in row.items() if value is not None} for row in form.rows]}


class _XForms(Engine):
    """What both XPath engines are told."""

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """One instance a form, all its expressions over it."""
        from checklist_kit.targets.xlsform.xpath import Expressions

        calculations = ("truth", "share", "first_day")
        here = Expressions(named=str, computed=lambda symbol: symbol.name in calculations, asked=lambda _: None)
        found = []
        for form in forms:
            texts = write_all(form, lambda condition: str(here.relevant(condition)), naive.XPATH.write)
            found.append(self.evaluate(self._instance(form), [self._with_paths(text) for text in texts]))
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


class Vector(Engine):
    """Our columns, over numpy; beside them pandas, with its operators as they stand."""

    batch = 200

    def ask(self, forms: Sequence[Form]) -> list[list[Any]]:
        """Every expression over the columns of all forms, read at its own."""
        from checklist_kit.analysis.intake import Block
        from checklist_kit.analysis.problems import ProblemLog
        from checklist_kit.analysis.settle import readers, settle
        from checklist_kit.analysis.vector import Vector as Columns
        from tests.analysis.helpers import submission

        submissions = [submission(self._raw(form.answers), f"s{n}") for n, form in enumerate(forms)]
        state = settle(
            CHECKLIST, readers(CHECKLIST), Block.of(submissions), datetime.date.today(), ProblemLog(CHECKLIST)
        )
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
            name: [self._raw(row) for row in value] if isinstance(value, list) else plain(value)
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
