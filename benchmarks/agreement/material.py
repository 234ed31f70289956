"""Random typed expressions and answers to one checklist, 35 of 100 answers blank. One seed, one material."""

from __future__ import annotations

import datetime
import math
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from checklist_kit import source
from checklist_kit.logic import Condition, Context, Kind, Scope, analyse, evaluate, kind_of
from checklist_kit.logic import tree as t
from checklist_kit.model import Calculate, Checklist
from tests.strategies.expressions import DATES, TIMES, conditions, visible

TEXT = """
checklist: logic
version: "1"
title: Logic
choices:
  codes: {"yes": A, "no": B, "10": C, "it's": D, none: E, "Ə": F}
items:
  - {name: i, type: integer, label: Q}
  - {name: j, type: integer, label: Q, missing: {9998: refused, -9: dont_know}}
  - {name: d, type: decimal, label: Q, missing: {-1.5: dont_know}}
  - {name: c, type: select_one, choices: codes, label: Q}
  - {name: e, type: select_one, choices: codes, label: Q}
  - {name: m, type: select_multiple, choices: codes, label: Q}
  - {name: day, type: date, label: Q}
  - {name: night, type: date, label: Q}
  - {name: hour, type: time, label: Q}
  - {name: later, type: time, label: Q}
  - {name: words, type: text, label: Q}
  - {name: photo, type: image, label: Q}
  - name: rows
    type: repeat
    label: R
    items:
      - {name: n, type: integer, label: Q, missing: {9998: refused}}
      - {name: w, type: decimal, label: Q}
  - {name: truth, type: calculate, calculation: "i > j"}
  - {name: share, type: calculate, calculation: "i / d"}
  - {name: first_day, type: calculate, calculation: "coalesce(day, night)"}
"""
BLANKS = 35  # of a hundred
EACH = 8  # expressions that are asked of the same answers


def _checklist() -> Checklist:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logic.yaml"
        path.write_text(TEXT, encoding="utf-8")
        checklist = source.load(path).checklist
    assert checklist is not None
    return checklist


CHECKLIST = _checklist()
_CODES = CHECKLIST.symbols["c"].codes
_CALCULATIONS = {
    name: entry.item.calculation.tree for name, entry in CHECKLIST.by_name.items() if isinstance(entry.item, Calculate)
}


def _blank(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(1, 100).flatmap(lambda dice: st.none() if dice <= BLANKS else values)


_WHOLE = st.integers(-12, 12)
_QUARTERS = st.integers(-20, 20).map(lambda number: number / 4)
_DAYS = DATES | st.builds(datetime.date.today)
_ROW = st.fixed_dictionaries({"n": _blank(_WHOLE | st.just(9998)), "w": _blank(_QUARTERS)})


def _in_order(ticked: set[str]) -> tuple[str, ...]:
    return tuple(code for code in _CODES if code in ticked)


_ANSWERS = st.fixed_dictionaries(
    {
        "i": _blank(_WHOLE),
        "j": _blank(_WHOLE | st.sampled_from([9998, -9])),
        "d": _blank(_QUARTERS | st.just(-1.5)),
        "c": _blank(st.sampled_from(_CODES)),
        "e": _blank(st.sampled_from(_CODES)),
        "m": _blank(st.sets(st.sampled_from(_CODES), min_size=1).map(_in_order)),
        "day": _blank(_DAYS),
        "night": _blank(_DAYS),
        "hour": _blank(TIMES),
        "later": _blank(TIMES),
        "words": _blank(st.sampled_from(["a", "some words", "5"])),
        "photo": _blank(st.just("photo.jpg")),
        "rows": st.lists(_ROW, max_size=3),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression, and whether it is true, false or unknown."""

    text: str
    tree: Condition
    truth: bool | None


@dataclass(frozen=True)
class Form:
    """One set of answers with the expressions that are asked of it."""

    answers: dict[str, Any]
    asked: list[Asked] = field(default_factory=list)

    @property
    def known(self) -> dict[str, Any]:
        """Answers and calculations outside of the repeat."""
        return self.context.answers  # type: ignore[return-value]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The instances of the repeat."""
        return self.answers["rows"]  # type: ignore[no-any-return]

    @property
    def context(self) -> Context:
        """What the reference evaluates on."""
        plain = {name: value for name, value in self.answers.items() if name != "rows"}
        here = Context(plain, {"rows": self.rows}, datetime.date.today())
        for name, tree in _CALCULATIONS.items():
            plain[name] = evaluate(tree, here)
        return here


def forms(expressions: int, start: int) -> Iterator[Form]:
    """Yield forms with `expressions` expressions among them, from the seed `start`."""
    words = visible(Scope(CHECKLIST.symbols))
    count = 0
    while count < expressions:
        found: list[tuple[dict[str, Any], list[str]]] = []

        @seed(start)
        @settings(
            max_examples=100,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=[*HealthCheck],
        )
        @given(_ANSWERS, st.lists(conditions(words), min_size=EACH, max_size=EACH))
        def collect(answers: dict[str, Any], texts: list[str]) -> None:
            found.append((answers, texts))  # noqa: B023 - called at once

        collect()
        start += 1_000_003
        for answers, texts in found:
            form = Form(answers)
            context = form.context
            trees = (
                (text, analyse(text, Scope(CHECKLIST.symbols), condition=True).tree) for text in dict.fromkeys(texts)
            )
            form.asked.extend(
                Asked(text, tree, evaluate(tree, context))  # type: ignore[arg-type]
                for text, tree in trees
                if tree is not None and not _hangs_on_a_digit(tree, context)
            )
            del form.asked[max(0, expressions - count) :]
            count += len(form.asked)
            if form.asked:
                yield form


def _hangs_on_a_digit(tree: Any, context: Context) -> bool:
    """Whether a comparison hangs on the last digit of a fraction, which engines round each in their own way."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif type(node).__module__ == t.__name__ and not isinstance(node, t.Symbol):
            pending.extend(getattr(node, name) for name in node.__slots__)
        if isinstance(node, t.Compare) and kind_of(node.left) is Kind.NUMBER:
            left, right = evaluate(node.left, context), evaluate(node.right, context)
            if (
                left is not None
                and right is not None
                and left != right
                and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
            ):  # type: ignore[arg-type]
                return True
    return False
