"""What holds a checklist together: the unit, names, and parts that are empty, idle or forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from checklist_kit.checks.view import View
from checklist_kit.diagnostics import CODES, Diagnostic, Related, Severity, Span, did_you_mean
from checklist_kit.logic.tokens import KEYWORDS
from checklist_kit.model import Calculate, Item, Question, Repeat, Section

# Tables that `parse` writes beside the one of each repeat, which is named after it.
_TABLES = ("submissions", "answers", "problems", "codebook", "restricted", "restricted_problems")


def unit(view: View) -> Iterator[Diagnostic]:
    """name-unknown-unit: `unit` names no question that is asked once."""
    checklist = view.checklist
    if checklist.unit is None:
        return
    entry = checklist.by_name.get(checklist.unit)
    names = [entry.item.name for entry in checklist.questions if not entry.repeats and isinstance(entry.item, Question)]
    if entry is None or checklist.unit not in names:
        reason = "there is no question" if entry is None else "it must be a question outside of repeats:"
        help_ = did_you_mean(checklist.unit, names)
        message = f"{reason} `{checklist.unit}`"
        yield Diagnostic.of("name-unknown-unit", message, checklist.spans.get("unit"), help=help_)


def optional_unit(view: View) -> Iterator[Diagnostic]:
    """name-optional-unit: the question that identifies the unit may be left blank."""
    entry = view.checklist.by_name.get(view.checklist.unit or "")
    if entry is not None and isinstance(entry.item, Question) and not entry.item.required:
        message = f"`{entry.item.name}` identifies what is observed, and may be left blank"
        yield Diagnostic.of("name-optional-unit", message, entry.item.span, help="write `required: true`")


def reserved(view: View) -> Iterator[Diagnostic]:
    """name-reserved: a repeat named like one of the tables that every checklist has."""
    for entry in view.checklist.repeats:
        name = entry.item.name
        if name in _TABLES:
            message = f"a repeat `{name}` would make a second table `{name}`"
            yield Diagnostic.of("name-reserved", message, entry.item.span, help="choose another name")


def keyword(view: View) -> Iterator[Diagnostic]:
    """name-keyword: a name that is a word of the expression language."""
    for entry in view.entries:
        if entry.item.name in KEYWORDS:
            message = f"no expression can mention `{entry.item.name}`, which is a word of the expression language"
            yield Diagnostic.of("name-keyword", message, entry.item.span, help="choose another name")


def former_names(view: View) -> Iterator[Diagnostic]:
    """name-former-in-use: a former name under `was` that another item has now, or has had too."""
    owners: dict[str, tuple[Item, str]] = {entry.item.name: (entry.item, "name") for entry in view.entries}
    for entry in view.entries:
        for former in entry.item.was:
            owner, key = owners.setdefault(former, (entry.item, "was"))
            if owner is not entry.item:
                taken = "the name of another item" if key == "name" else f"a former name of `{owner.name}` as well"
                yield Diagnostic.of(
                    "name-former-in-use",
                    f"`{former}` is {taken}",
                    entry.item.spans["was"],
                    help="older answers can go to one question only",
                    related=[Related(f"`{owner.name}` is here", owner.spans[key])],
                )


def empty(view: View) -> Iterator[Diagnostic]:
    """schema-empty: a checklist, section or repeat without anything to answer."""
    for entry in view.entries:
        item = entry.item
        if isinstance(item, Section) and not item.items:
            message = f"the section `{item.name}` is empty"
            yield Diagnostic.of("schema-empty", message, item.span, help="put items into it, or remove it")
        if isinstance(item, Repeat) and not any(_has_questions(inner) for inner in item.items):
            message = f"the repeat `{item.name}` asks nothing"
            yield Diagnostic.of("schema-empty", message, item.span, help="put questions into it, or remove it")
    if not any(isinstance(entry.item, Question) for entry in view.entries):
        message = "this checklist asks nothing"
        yield Diagnostic.of("schema-empty", message, view.checklist.span, help="put questions under `items:`")


def _has_questions(item: Item) -> bool:
    inner = item.items if isinstance(item, Section | Repeat) else ()
    return isinstance(item, Question | Calculate) or any(_has_questions(part) for part in inner)


def idle_keys(view: View) -> Iterator[Diagnostic]:
    """schema-idle-key: a key that has no effect without another one."""
    for entry in view.entries:
        item = entry.item
        for key, reason, help_ in _idle(item):
            yield Diagnostic.of("schema-idle-key", f"`{key}` has no effect {reason}", item.spans[key], help=help_)


def _idle(item: Item) -> Iterator[tuple[str, str, str]]:
    if isinstance(item, Question):
        if item.required_message and not item.required and "required_message" in item.spans:
            yield "required_message", "where no answer is required", "write `required: true`, or remove it"
        if item.constraint_message and not {"constraint", "matches"} & set(item.spans):
            yield "constraint_message", "without a constraint", "write a `constraint`, or remove it"
    if isinstance(item, Repeat) and item.over is not None and item.repeat_count is not None:
        yield "repeat_count", "beside `over`, which gives one instance a choice", "remove one of the two"


def idle_calculation(view: View) -> Iterator[Diagnostic]:
    """logic-unused-calculation: a calculation without a label that nothing uses."""
    named = {
        name for text in view.texts for words in text.words.values() if "${" in words for name in _mentioned(words)
    }
    for entry in view.entries:
        item = entry.item
        if isinstance(item, Calculate) and not item.label and item.name not in view.used | named:
            message = f"nothing uses `{item.name}`"
            help_ = "give it a label if it is a result of its own, else remove it"
            yield Diagnostic.of("logic-unused-calculation", message, item.span, help=help_)


def _mentioned(words: str) -> list[str]:
    return [part.partition("}")[0].strip() for part in words.split("${")[1:]]


def ignored_codes(view: View) -> Iterator[Diagnostic]:
    """schema-unknown-code: `ignore` names no code that could be ignored."""
    checklist = view.checklist
    holders: list[tuple[tuple[str, ...], Span | None]] = [(checklist.ignore, checklist.spans.get("ignore"))]
    holders += [(entry.item.ignore, entry.item.spans.get("ignore")) for entry in view.entries]
    for codes, span in holders:
        for code in codes:
            known = CODES.get(code)
            if known is None:
                message, help_ = f"there is no code `{code}`", did_you_mean(code, CODES)
            elif known.severity == Severity.ERROR:
                message, help_ = f"`{code}` is an error and cannot be ignored", "mend what it is about"
            else:
                continue
            yield Diagnostic.of("schema-unknown-code", message, span, help=help_)


CHECKS = (unit, optional_unit, reserved, keyword, former_names, idle_keys, ignored_codes)
CHECKS_OF_WHOLE = (empty, idle_calculation)
