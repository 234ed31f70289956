"""Ask every engine about random expressions, and let people fill in random forms; print how often they agree.

python -m benchmarks.agreement --expressions 10000 --forms 1000 --write docs/agreement.md
"""

from __future__ import annotations

import argparse
import datetime
import os
import secrets
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from benchmarks.agreement import whole
from benchmarks.agreement.engine import INEXPRESSIBLE, Engine, Verdict
from benchmarks.agreement.engines import ENGINES
from benchmarks.agreement.material import BLANKS, Form, forms
from tests.engines.javarosa import TIME_ZONE

SEED = 20240207
_BATCH = 25  # forms between two words about the progress


@dataclass
class Tally:
    """What an engine made of the expressions.

    Of each, two decisions are asked: whether it holds, and whether its opposite does.
    """

    expressions: int = 0
    inexpressible: int = 0
    plain_right: int = 0
    wrong: list[Verdict] = field(default_factory=list)

    def add(self, verdict: Verdict) -> None:
        """Count one expression."""
        wanted = (verdict.asked.truth is True, verdict.asked.truth is False)
        self.expressions += 1
        self.plain_right += sum(got is want for got, want in zip(verdict.plain, wanted, strict=True))
        if INEXPRESSIBLE in verdict.compiled:
            self.inexpressible += 1
        elif any(got is not want for got, want in zip(verdict.compiled, wanted, strict=True)):
            self.wrong.append(verdict)

    @property
    def share(self) -> float:
        """How many of a hundred decisions agree where expressions are written down as they stand."""
        return 100 * self.plain_right / (2 * self.expressions)

    @property
    def smallest(self) -> Verdict:
        """The shortest expression that came out wrong."""
        return min(self.wrong, key=lambda verdict: len(verdict.asked.text))


def main() -> None:
    """Parse the arguments, run, print; exit 1 where an engine disagrees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__.split("\n\n")[0])
    parser.add_argument("--expressions", type=int, default=1000, help="how many expressions (1000; 0 for none)")
    parser.add_argument("--forms", type=int, default=50, help="how many whole forms (50; 0 for none)")
    parser.add_argument("--engines", nargs="+", choices=[*ENGINES], default=[*ENGINES], help="which engines (all)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the random material ({SEED}); 0 draws a fresh one")
    parser.add_argument("--write", type=Path, help="also write the tables to this Markdown file")
    arguments = parser.parse_args()
    start = arguments.seed or secrets.randbelow(10**9)
    print(f"seed {start}", file=sys.stderr)
    os.environ["TZ"] = TIME_ZONE  # today is one day in all engines
    time.tzset()
    with ExitStack() as stack:
        material = list(forms(arguments.expressions, start))
        tallies = {name: _ask(name, ENGINES[name](stack), material) for name in arguments.engines if material}
        judges = [name for name in arguments.engines if name in whole.ENGINES and arguments.forms]
        wholes = {name: _fill(name, stack, arguments.forms, start) for name in judges}
    tables = "\n\n".join(table for table in (_expressions_table(tallies), _forms_table(wholes)) if table)
    print(tables)
    if arguments.write:
        arguments.write.write_text(_page(tables, start), encoding="utf-8")
    sys.exit(any(tally.wrong for tally in tallies.values()) or any(count.faults for count in wholes.values()))


def _ask(name: str, engine: Engine, material: Sequence[Form]) -> Tally:
    tally = Tally()
    for first in range(0, len(material), engine.batch):
        for verdict in engine.verdicts(material[first : first + engine.batch]):
            tally.add(verdict)
        _progress(
            f"{name}: {tally.expressions} expressions, {len(tally.wrong)} wrong, {tally.share:.1f}% as they stand"
        )
    print(file=sys.stderr)
    if tally.wrong:
        verdict = tally.smallest
        print(f"{name}: `{verdict.asked.text}` is {verdict.asked.truth}, not {verdict.compiled}", file=sys.stderr)
    return tally


def _fill(name: str, stack: ExitStack, count: int, start: int) -> whole.Count:
    judge, found = whole.ENGINES[name](stack), whole.Count()
    while found.forms < count:
        whole.fill(judge, min(_BATCH, count - found.forms), start + found.forms, found)
        _progress(f"{name}: {found.forms} forms, {len(found.faults)} wrong")
    print(file=sys.stderr)
    if found.faults:
        print(min(found.faults, key=len), file=sys.stderr)
    return found


def _progress(text: str) -> None:
    print(f"\r{text}", end="", file=sys.stderr, flush=True)


def _expressions_table(tallies: dict[str, Tally]) -> str:
    rows = []
    for name, tally in tallies.items():
        asked = tally.expressions - tally.inexpressible
        rows.append(
            (
                name,
                f"{tally.expressions:,}",
                str(tally.inexpressible),
                f"{len(tally.wrong)} of {asked:,}",
                f"{tally.share:.1f}%",
            )
        )
    head = (
        "engine",
        "expressions",
        "not expressible, reported as a loss",
        "compiled: disagreements",
        "as they stand: decisions that agree",
    )
    return _table(head, rows)


def _forms_table(counts: dict[str, whole.Count]) -> str:
    rows = [(name, f"{count.forms:,}", str(len(count.faults))) for name, count in counts.items()]
    return _table(("engine", "whole forms filled in and changed", "disagreements"), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; nothing without rows."""
    lines = [*rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *lines)) if lines else ""


def _page(tables: str, start: int) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in ("formualizer", "numpy", "pandas", "pyxform"))
    return f"""\
# How often engines agree

Written by `python -m benchmarks.agreement --write docs/agreement.md` on {datetime.date.today()}, from the seed {start}.

Random expressions that are well typed, over questions of every type, a repeat and calculations, are asked about random
answers: {BLANKS} of a hundred are blank, and some are sentinels. The meaning of an expression has three values, true,
false and unknown; an engine has two. So each engine is asked twice: does the expression hold, as a `relevant` does, and
does its opposite. *Compiled* is what this project writes for the engine, and a disagreement is an expression for which
one of the two is wrong. *As they stand* is the same expression written down operator by operator, as by hand: a blank
answer often makes the opposite hold, and then a question is asked that nobody meant. The row `numpy` has the columns of
our own analysis, and beside them pandas with its operators as they stand.

A whole form is a random checklist with up to three levels of nesting. A person answers, changes and blanks answers in
any order; then what is shown, what is handed in and which errors stand on the page must be what the checklist says.
The forms of JavaRosa also pass pyxform and ODK Validate, and each of their expressions is then worth the same in
openrosa-xpath-evaluator; those of survey-core load with no `jsonErrors`, and
`validateExpressions()` finds nothing. Spreadsheets and the columns of our analysis are given rows in which answers
stand that nobody asks for any more, and say what is asked, what is refused, and what random conditions are.
Formualizer and LibreOffice are given the same forms: where formualizer alone disagrees, its answer is wrong.

Engines: survey-core and openrosa-xpath-evaluator in the versions of `tests/engines/node/package.json`, JavaRosa in the
ODK Validate that pyxform ships, LibreOffice Calc, {packages}.

{tables}
"""


if __name__ == "__main__":
    main()
