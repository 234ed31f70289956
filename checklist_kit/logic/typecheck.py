"""Syntax tree -> typed tree: every name a question, every part of a fitting kind, every fault with its place."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from checklist_kit.diagnostics.suggest import did_you_mean
from checklist_kit.logic import syntax as s
from checklist_kit.logic import tree as t
from checklist_kit.logic.parser import parse
from checklist_kit.logic.scope import Scope
from checklist_kit.logic.tokens import Fault, LogicError
from checklist_kit.logic.tree import Kind, Symbol, Tree, kind_of

_ORDERED = (Kind.NUMBER, Kind.DATE, Kind.TIME)


@dataclass(frozen=True, slots=True)
class Analysis:
    """The typed tree of an expression, or None with the faults that prevent one.

    There are no faults either where a question that it uses is itself faulty.
    """

    tree: Tree | None
    faults: tuple[Fault, ...]


def analyse(text: str, scope: Scope, *, condition: bool) -> Analysis:
    """Parse and type an expression.

    `condition` says that it must be true or false (a relevance), not a value (a calculation).
    """
    try:
        parsed = parse(text)
    except LogicError as error:
        return Analysis(None, (error.fault,))
    checker = _Checker(scope)
    tree = checker.condition(parsed) if condition else checker.value(parsed)
    return Analysis(None if checker.faults else tree, tuple(checker.faults))


@dataclass(slots=True)
class _Checker:
    """Every method returns None where a part has no meaning; the fault is noted once, where it is."""

    scope: Scope
    faults: list[Fault] = field(default_factory=list)

    def fault(self, code: str, message: str, node: s.Syntax, help_: str | None = None) -> None:
        self.faults.append(Fault(code, message, node.place.start, node.place.end, help_))

    # Conditions

    def condition(self, node: s.Syntax) -> t.Condition | None:
        """Type a part that must be true or false."""
        tree = self.any(node)
        if tree is None:
            return None
        if isinstance(tree, t.CONDITIONS):
            return tree
        if isinstance(tree, t.Ref) and tree.symbol.kind is Kind.BOOLEAN:
            return t.Truth(tree.symbol)
        self.fault("logic-type", f"this is a {kind_of(tree)}, not a condition", node, self._condition_help(tree))
        return None

    @staticmethod
    def _condition_help(tree: t.Term) -> str:
        if isinstance(tree, t.Ref) and tree.symbol.kind is Kind.CHOICE and tree.symbol.codes:
            return f"compare it: {tree.symbol.name} = '{tree.symbol.codes[0]}'"
        return "compare it with something, or write `is answered`"

    def value(self, node: s.Syntax) -> Tree | None:
        """Type a whole calculation: something that one cell can hold."""
        tree = self.any(node)
        if tree is None or kind_of(tree) not in (Kind.REPEAT, Kind.CHOICES, Kind.OPAQUE):
            return tree
        self.fault("logic-type", "this is no single value", node, "count(…) says how many")
        return None

    def any(self, node: s.Syntax) -> Tree | None:
        """Type a part of any kind."""
        match node:
            case s.NumberLiteral() | s.StringLiteral():
                return self._constant(node)
            case s.Name():
                return self._reference(node)
            case s.Path():
                return self._path(node)
            case s.Unary():
                return self._unary(node)
            case s.Binary():
                return self._binary(node)
            case s.Membership():
                return self._membership(node)
            case s.Has():
                return self._has(node)
            case s.Answeredness():
                return self._answeredness(node)
            case s.Call():
                return self._call(node)

    @staticmethod
    def _constant(node: s.NumberLiteral | s.StringLiteral) -> t.Term:
        if isinstance(node, s.StringLiteral):
            return t.Text(node.text)
        return t.Number(float(node.text) if "." in node.text else int(node.text))

    def _path(self, node: s.Path) -> t.Ref | None:
        symbol = self.scope.find_outside(node)
        if symbol is None:
            self.fault("logic-repeat-reference", "a question of a repeat without a function", node, "write sum(…)")
            return None
        return self._known(symbol)

    def _reference(self, node: s.Name) -> t.Ref | None:
        return self._known(self.scope.find(node))

    def _known(self, symbol: Symbol | Fault) -> t.Ref | None:
        if isinstance(symbol, Fault):
            self.faults.append(symbol)
            return None
        return None if symbol.kind is Kind.BROKEN else t.Ref(symbol)

    def _unary(self, node: s.Unary) -> Tree | None:
        if node.op == "not":
            operand = self.condition(node.operand)
            return None if operand is None else t.Not(operand)
        number = self.number(node.operand)
        return None if number is None else t.Negative(number)

    def _binary(self, node: s.Binary) -> Tree | None:
        if node.op in ("and", "or"):
            return self._joined(node)
        if node.op in ("+", "-", "*", "/"):
            first, second = self.number(node.left), self.number(node.right)
            return None if first is None or second is None else t.Arithmetic(node.op, first, second)
        return self._compare(node)

    def _joined(self, node: s.Binary) -> t.And | t.Or | None:
        operands = [self.condition(operand) for operand in s.chain(node)]
        parts = tuple(operand for operand in operands if operand is not None)
        if len(parts) < len(operands):
            return None
        return t.And(parts) if node.op == "and" else t.Or(parts)

    def number(self, node: s.Syntax) -> t.Term | None:
        """Type a part that must be a number."""
        return self._term(node, Kind.NUMBER)

    def _term(self, node: s.Syntax, kind: Kind) -> t.Term | None:
        tree = self.any(node)
        if tree is None:
            return None
        if isinstance(tree, t.Text) and kind in (Kind.DATE, Kind.TIME):
            return self._literal(node, tree, kind)
        if isinstance(tree, t.CONDITIONS) or kind_of(tree) is not kind:
            help_ = "days(a, b) gives the days between two dates" if kind_of(tree) is Kind.DATE else None
            self.fault("logic-type", f"this is a {kind_of(tree)}, where a {kind} is needed", node, help_)
            return None
        return tree

    def _literal(self, node: s.Syntax, text: t.Text, kind: Kind) -> t.Term | None:
        """Read a quoted date or time."""
        try:
            if kind is Kind.DATE and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.value, re.ASCII):
                return t.Date(datetime.date.fromisoformat(text.value))
            if kind is Kind.TIME and re.fullmatch(r"\d{2}:\d{2}", text.value, re.ASCII):
                return t.Time(datetime.time.fromisoformat(text.value))
        except ValueError:
            pass
        form = "'2024-02-07'" if kind is Kind.DATE else "'08:00'"
        self.fault("logic-literal", f"'{text.value}' is no {kind}", node, f"write it like {form}")
        return None

    # Comparisons

    def _compare(self, node: s.Binary) -> t.Compare | None:
        left, right = self.any(node.left), self.any(node.right)
        if left is None or right is None:
            return None
        for tree, part in ((left, node.left), (right, node.right)):
            if isinstance(tree, t.CONDITIONS) or kind_of(tree) in (Kind.OPAQUE, Kind.REPEAT, Kind.BOOLEAN):
                self.fault(
                    "logic-type", f"a {kind_of(tree)} cannot be compared", part, "use `is answered` or `is blank`"
                )
                return None
            if kind_of(tree) is Kind.CHOICES:
                self.fault("logic-type", "a select_multiple has many answers", part, "write `question has 'code'`")
                return None
        assert not isinstance(left, t.CONDITIONS)
        assert not isinstance(right, t.CONDITIONS)
        return self._compare_terms(node, left, right)

    def _compare_terms(self, node: s.Binary, left: t.Term, right: t.Term) -> t.Compare | None:
        kinds = {kind_of(left), kind_of(right)}
        if Kind.CHOICE in kinds:
            return self._compare_choices(node, left, right)
        for kind in (Kind.DATE, Kind.TIME):
            if kinds == {kind, Kind.TEXT}:
                first, second = self._term(node.left, kind), self._term(node.right, kind)
                return None if first is None or second is None else t.Compare(node.op, first, second)
        if kinds == {Kind.TEXT}:
            self.fault(
                "logic-text-comparison",
                "text answers cannot be compared",
                node,
                "engines differ in case and spaces: use a select_one, or `matches:` on the question",
            )
            return None
        if len(kinds) > 1:
            first_kind, second_kind = kind_of(left), kind_of(right)
            self.fault("logic-type", f"a {first_kind} cannot be compared with a {second_kind}", node)
            return None
        if node.op in ("=", "!=") and not (t.is_exact(left) and t.is_exact(right)):
            self.fault(
                "logic-inexact-equality",
                f"`{node.op}` on decimals depends on rounding",
                node,
                "use a range: `a >= 0.49 and a <= 0.51`",
            )
            return None
        return t.Compare(node.op, left, right)

    def _compare_choices(self, node: s.Binary, left: t.Term, right: t.Term) -> t.Compare | None:
        if node.op not in ("=", "!="):
            self.fault("logic-type", "choices have no order", node, "use `in ('a', 'b')`")
            return None
        for choice, other, part in ((left, right, node.right), (right, left, node.left)):
            if isinstance(choice, t.Ref) and isinstance(other, t.Text):
                return t.Compare(node.op, left, right) if self._known_code(choice.symbol, other.value, part) else None
        if isinstance(left, t.Ref) and isinstance(right, t.Ref) and left.symbol.kind is right.symbol.kind:
            return t.Compare(node.op, left, right)
        choice, odd = (left, node.right) if kind_of(left) is Kind.CHOICE else (right, node.left)
        code = choice.symbol.codes[0] if isinstance(choice, t.Ref) and choice.symbol.codes else "yes"
        self.fault(
            "logic-type",
            "a choice can only be compared with a code in quotes, or with another choice",
            odd,
            f"write codes in quotes: '{code}'",
        )
        return None

    def _known_code(self, symbol: Symbol, code: str, node: s.Syntax) -> bool:
        if code in symbol.codes:
            return True
        options = ", ".join(f"'{known}'" for known in symbol.codes[:8])
        help_ = did_you_mean(code, symbol.codes) or f"its choices are {options}"
        self.fault("logic-unknown-choice", f"`{symbol.name}` has no choice '{code}'", node, help_)
        return False

    def _membership(self, node: s.Membership) -> t.Condition | None:
        operand = self.any(node.operand)
        if operand is None:
            return None
        if isinstance(operand, t.Ref) and operand.symbol.kind is Kind.CHOICE:
            options: list[t.Text | t.Number | None] = [self._code(operand.symbol, option) for option in node.options]
        elif not isinstance(operand, t.CONDITIONS) and kind_of(operand) is Kind.NUMBER and t.is_exact(operand):
            options = [self._whole_number(option) for option in node.options]
        else:
            self.fault("logic-type", "`in` takes a select_one or a whole number on its left", node.operand)
            return None
        kept = tuple(option for option in options if option is not None)
        if len(kept) < len(options):
            return None
        tree = t.In(operand, kept)
        return t.Not(tree) if node.negated else tree

    def _code(self, symbol: Symbol, node: s.Syntax) -> t.Text | None:
        if not isinstance(node, s.StringLiteral):
            self.fault("logic-type", "a choice code in quotes is needed here", node, "write codes in quotes: 'yes'")
            return None
        return t.Text(node.text) if self._known_code(symbol, node.text, node) else None

    def _whole_number(self, node: s.Syntax) -> t.Number | None:
        match self.any(node):
            case t.Number(value) if isinstance(value, int):
                return t.Number(value)
            case t.Negative(t.Number(value)) if isinstance(value, int):
                return t.Number(-value)
            case None:
                return None
        self.fault("logic-type", "a whole number is needed here", node)
        return None

    def _has(self, node: s.Has) -> t.HasChoice | None:
        operand = self.any(node.operand)
        if operand is None:
            return None
        if not isinstance(operand, t.Ref) or operand.symbol.kind is not Kind.CHOICES:
            self.fault(
                "logic-type",
                "`has` takes a select_multiple on its left",
                node.operand,
                "for a select_one write `= 'code'`",
            )
            return None
        code = self._code(operand.symbol, node.option)
        return None if code is None else t.HasChoice(operand.symbol, code.value)

    def _answeredness(self, node: s.Answeredness) -> t.Condition | None:
        operand = self.any(node.operand)
        if operand is None:
            return None
        if not isinstance(operand, t.Ref) or operand.symbol.kind is Kind.REPEAT:
            self.fault("logic-type", "only a question can be blank or answered", node.operand)
            return None
        tree = t.IsAnswered(operand.symbol)
        return tree if node.answered else t.Not(tree)

    # Functions

    def _call(self, node: s.Call) -> Tree | None:
        arities = {"count": 1, "sum": 1, "today": 0, "days": 2, "if": 3, "coalesce": 2, "selected": 2}
        arity = arities.get(node.function)
        if arity is None:
            help_ = "functions are count, sum, today, days, if, coalesce and selected"
            self.fault("logic-unknown-function", f"there is no function `{node.function}`", node, help_)
            return None
        if len(node.arguments) != arity:
            self.fault(
                "logic-arguments", f"`{node.function}` takes {arity} argument(s), not {len(node.arguments)}", node
            )
            return None
        method = getattr(self, f"_{node.function}")
        result: Tree | None = method(node, *node.arguments)
        return result

    def _selected(self, node: s.Call, operand: s.Syntax, option: s.Syntax) -> t.HasChoice | None:
        return self._has(s.Has(operand, option, node.place))

    def _today(self, _node: s.Call) -> t.Today:
        return t.Today()

    def _days(self, _node: s.Call, start: s.Syntax, end: s.Syntax) -> t.Days | None:
        first, second = self._term(start, Kind.DATE), self._term(end, Kind.DATE)
        return None if first is None or second is None else t.Days(first, second)

    def _count(self, node: s.Call, operand: s.Syntax) -> t.Term | None:
        tree = self.any(operand)
        if isinstance(tree, t.Ref) and tree.symbol.kind is Kind.CHOICES:
            return t.CountChoices(tree.symbol)
        if isinstance(tree, t.Ref) and tree.symbol.kind is Kind.REPEAT:
            return t.CountRows(tree.symbol)
        if tree is not None:
            self.fault("logic-type", "`count` takes a select_multiple or a repeat", node)
        return None

    def _sum(self, node: s.Call, operand: s.Syntax) -> t.Sum | None:
        if not isinstance(operand, s.Path):
            self.fault("logic-type", "`sum` takes a question of a repeat", operand, "write sum(repeat.question)")
            return None
        found = self.scope.find_rows(operand)
        if isinstance(found, Fault):
            self.faults.append(found)
            return None
        repeat, column = found
        if column.kind is Kind.BROKEN or repeat.kind is Kind.BROKEN:
            return None
        if column.kind is not Kind.NUMBER:
            self.fault("logic-type", f"`{column.name}` is a {column.kind}, and only numbers have a sum", node)
            return None
        return t.Sum(repeat, column)

    def _if(self, node: s.Call, condition: s.Syntax, then: s.Syntax, otherwise: s.Syntax) -> Tree | None:
        test, first, second = self.condition(condition), self.any(then), self.any(otherwise)
        if test is None or first is None or second is None:
            return None
        if kind_of(first) is Kind.BOOLEAN and kind_of(second) is Kind.BOOLEAN:
            yes, no = self.condition(then), self.condition(otherwise)
            return None if yes is None or no is None else t.Choice(test, yes, no)
        branches = self._same_kind(node, first, second)
        return t.If(test, *branches) if branches else None

    def _coalesce(self, node: s.Call, first: s.Syntax, second: s.Syntax) -> t.Coalesce | None:
        left, right = self.any(first), self.any(second)
        if left is None or right is None:
            return None
        branches = self._same_kind(node, left, right)
        return t.Coalesce(*branches) if branches else None

    def _same_kind(self, node: s.Call, first: Tree, second: Tree) -> tuple[t.Term, t.Term] | None:
        kinds = kind_of(first), kind_of(second)
        allowed = (*_ORDERED, Kind.TEXT)
        if (
            not isinstance(first, t.CONDITIONS)
            and not isinstance(second, t.CONDITIONS)
            and kinds[0] is kinds[1]
            and kinds[0] in allowed
        ):
            return first, second
        self.fault(
            "logic-type",
            f"`{node.function}` has a {kinds[0]} and a {kinds[1]} to choose from",
            node,
            "both must be numbers, dates, times or texts",
        )
        return None
