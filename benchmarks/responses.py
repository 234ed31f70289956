"""A national observation: a form of 150 questions as long ones are, and any number of responses to it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

QUESTIONS = 150
KINDS = (
    *("select_one", "select_one", "integer", "text", "select_one"),
    *("select_multiple", "select_one", "decimal", "select_one", "select_one"),
    *("integer", "time", "select_one", "select_one", "select_one"),
)
CODES = {"select_one": ("yes", "no", "not_observed"), "select_multiple": ("ink", "box", "list", "none")}
REMARKS = ("queue outside", "no remarks", "police in the room", "lights went out", "observers asked to leave")


def kind(index: int) -> str:
    """Return the type of a question; the first one is the station."""
    return KINDS[index % len(KINDS)] if index else "text"


def checklist(questions: int = QUESTIONS) -> str:
    """Return the checklist. Every integer is relevant by a select_one before it, and has a constraint."""
    lines = [
        "checklist: national",
        'version: "1"',
        "title: {en: A national observation}",
        "languages: {en: English}",
        "unit: q0",
        "choices:",
        "  yes_no:",
        "    yes: {en: 'Yes'}",
        "    no: {en: 'No'}",
        "    not_observed: {label: {en: Not observed}, missing: not_observed}",
        "  seen:",
        "    ink: {en: Ink}",
        "    box: {en: Box}",
        "    list: {en: List}",
        "    none: {label: {en: None of them}, exclusive: true}",
        "items:",
    ]
    for index in range(questions):
        lines += [f"  - name: q{index}", f"    type: {kind(index)}", f"    label: {{en: 'Question {index}?'}}"]
        if kind(index).startswith("select"):
            lines.append(f"    choices: {'yes_no' if kind(index) == 'select_one' else 'seen'}")
        if kind(index) == "integer":
            lines += ['    constraint: ". <= 3000"', f"    relevant: \"q{_asker(index)} != 'no'\""]
    return "\n".join(lines) + "\n"


def _asker(index: int) -> int:
    return max(before for before in range(index) if kind(before) == "select_one")


def answers(seed: int, questions: int = QUESTIONS) -> dict[str, Any]:
    """Return the answers of one response that fit the form, one in twelve blank."""
    draw = random.Random(seed)
    data: dict[str, Any] = {"q0": f"{seed % 125}/{seed // 125}"}
    for index in range(1, questions):
        if draw.random() < 1 / 12:
            continue
        match kind(index):
            case "select_one":
                data[f"q{index}"] = draw.choice(CODES["select_one"])
            case "integer":
                if data.get(f"q{_ASKERS[index]}", "no") != "no":
                    data[f"q{index}"] = draw.randrange(3000)
            case "decimal":
                data[f"q{index}"] = draw.randrange(400) / 4
            case "time":
                data[f"q{index}"] = f"{draw.randrange(7, 21):02}:{draw.randrange(60):02}"
            case "text":
                data[f"q{index}"] = f"{draw.choice(REMARKS)}, {draw.randrange(200)} people"
            case _:
                data[f"q{index}"] = draw.choice((["none"], ["ink"], ["ink", "box"], ["box", "list"], ["list"]))
    return data


_ASKERS = {index: _asker(index) for index in range(QUESTIONS) if kind(index) == "integer"}

WRONG: dict[str, Any] = {
    "select_one": "maybe",
    "integer": "many",
    "decimal": True,
    "time": "25:71",
    "text": ["a list"],
    "select_multiple": ["ink", "gold"],
}
"""An answer to a question of each type that cannot be read."""


def response(seed: int, dirty: bool = False) -> dict[str, Any]:
    """Return one response in its envelope. A dirty one has one answer that cannot be read."""
    data = answers(seed)
    if dirty:
        index = random.Random(-seed).choice([index for index in range(1, QUESTIONS) if kind(index) != "integer"])
        data[f"q{index}"] = WRONG[kind(index)]
    return {"id": f"r{seed:07}", "received_at": "2024-02-07T19:30:00", "version": "1", "data": data}


def lines(count: int, dirty_every: int = 0) -> Iterator[bytes]:
    """Yield responses as JSON lines. One in `dirty_every` is dirty."""
    for seed in range(count):
        dirty = bool(dirty_every) and seed % dirty_every == dirty_every // 2
        yield json.dumps(response(seed, dirty), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def truth(seed: int, dirty: bool = False) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows that a response makes: submission_id, item, choice, status, value."""
    sent = response(seed, dirty)
    data = sent["data"]
    for index in range(QUESTIONS):
        name, type_ = f"q{index}", kind(index)
        raw = data.get(name)
        status = "answered" if raw is not None else "not_answered"
        if type_ == "integer" and (data.get(f"q{_ASKERS[index]}", "") not in ("yes", "not_observed")):
            status, raw = "not_asked", None
        elif raw == WRONG[type_] and raw is not None:
            status, raw = "invalid", None
        if type_ == "select_multiple":
            for code in CODES[type_]:
                yield sent["id"], name, code, status, "" if raw is None else str(int(code in raw))
        else:
            yield sent["id"], name, "", "not_observed" if raw == "not_observed" else status, _text(raw)


def _text(raw: Any) -> str:
    return "" if raw is None else f"{raw:g}" if isinstance(raw, float) else str(raw)
