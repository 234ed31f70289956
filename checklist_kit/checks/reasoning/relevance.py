"""Which items are never asked, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from checklist_kit.checks.reasoning.guess import comes_out
from checklist_kit.checks.reasoning.solver import GaveUp, Solver
from checklist_kit.logic import certainly
from checklist_kit.model import Checklist, Entry, Expression, Item, Question


@dataclass(frozen=True, slots=True)
class Impossible:
    """A relevance that no answers make true.

    `reason` says why; `others` are the items whose conditions take part in it.
    """

    item: Item
    relevant: Expression
    reason: str
    others: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Relevances:
    """The items that are never asked, by name, without those inside or because of them; and what was not decided."""

    impossible: Mapping[str, Impossible]
    undecided: tuple[Expression, ...]
    unreachable: frozenset[str]  # the names of those and of all that is inside of them


def examine(checklist: Checklist, solver: Solver) -> Relevances:
    """Look at every item that has a relevance of its own."""
    impossible: dict[str, Impossible] = {}
    undecided: list[Expression] = []
    unreachable: set[str] = set()
    for entry in checklist.entries:
        relevant = entry.item.relevant
        if any(holder.name in unreachable for holder in (*entry.repeats, *entry.sections)):
            unreachable.add(entry.item.name)
        elif relevant is not None:
            try:
                found = _impossible(checklist, solver, entry, relevant, unreachable)
            except GaveUp:
                undecided.append(relevant)
                continue
            if found is not None:
                impossible[entry.item.name] = found
                unreachable.add(entry.item.name)
    return Relevances(impossible, tuple(undecided), frozenset(unreachable))


def _impossible(
    checklist: Checklist, solver: Solver, entry: Entry, relevant: Expression, ignored: Collection[str]
) -> Impossible | None:
    assert entry.relevance is not None
    if _is_plain(checklist, entry, relevant) and comes_out(relevant, True):
        return None
    whole, own = certainly(entry.relevance), certainly(relevant.condition)
    if solver.possible(whole, ignored=ignored):
        return None
    blamed = f"no answer to `{solver.blamed}` fits" if solver.blamed else "no number fits"
    if not solver.possible(own, relevances=False, constraints=False):
        reason = blamed if relevant.symbols else "it depends on no answer"
        return Impossible(entry.item, relevant, reason)
    if not solver.possible(whole, relevances=False, constraints=False):
        around = (*entry.sections, *entry.repeats)
        return Impossible(entry.item, relevant, f"{blamed} it and what is around it", _conditional(around))
    used = [checklist.by_name[symbol.name] for symbol in relevant.symbols if symbol.name in checklist.by_name]
    if not solver.possible(whole, constraints=False, ignored=ignored):
        chain = tuple(_conditional([item for other in used for item in (*other.sections, other.item)]))
        return Impossible(entry.item, relevant, "where it would be true, a question that it uses is not asked", chain)
    limited = tuple(other.item for other in used if isinstance(other.item, Question) and other.item.constraint)
    if any(_is_hopeless(solver, other) for other in limited):
        return None  # which is found at the constraint
    return Impossible(entry.item, relevant, "the constraint of a question that it uses rules it out", limited)


def _is_plain(checklist: Checklist, entry: Entry, relevant: Expression) -> bool:
    """Whether all that it takes is one question, which is always asked and takes any answer."""
    if entry.relevance is not relevant.tree or len(relevant.symbols) != 1:
        return False
    used = checklist.by_name.get(relevant.symbols[0].name)
    return (
        used is not None and isinstance(used.item, Question) and used.relevance is None and used.item.constraint is None
    )


def _is_hopeless(solver: Solver, question: Question) -> bool:
    assert question.constraint is not None
    return not solver.possible(certainly(question.constraint.condition), relevances=False, constraints=False)


def _conditional(items: Iterator[Item] | list[Item] | tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple({item.name: item for item in items if item.relevant is not None}.values())
