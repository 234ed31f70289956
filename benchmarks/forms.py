"""Made-up forms and answers of any size, the same for both sides of a comparison."""

from __future__ import annotations

import random
from collections.abc import Iterator


def checklist(questions: int) -> str:
    """Return a bilingual checklist: select_one, integer, text and select_multiple in turn.

    Each integer is relevant by the select_one before it, and has a constraint.
    """
    lines = [
        "checklist: big",
        'version: "1"',
        "title: {en: A big form, az: Böyük forma}",
        "languages: {en: English, az: Azərbaycanca}",
        "unit: q0",
        "choices:",
        "  yes_no:",
        "    yes: {en: 'Yes', az: Bəli}",
        "    no: {en: 'No', az: Xeyr}",
        "    not_observed: {label: {en: Not observed, az: Müşahidə edilməyib}, missing: not_observed}",
        "  seen:",
        "    ink: {en: Ink, az: Mürəkkəb}",
        "    box: {en: Box, az: Qutu}",
        "    list: {en: List, az: Siyahı}",
        "    none: {label: {en: None, az: Heç biri}, exclusive: true}",
        "items:",
    ]
    for index in range(questions):
        lines += _question(index)
    return "\n".join(lines) + "\n"


def _question(index: int) -> Iterator[str]:
    kind = KINDS[index % len(KINDS)]
    yield f"  - name: q{index}"
    yield f"    type: {kind}"
    yield f"    label: {{en: 'Question {index} of the form?', az: 'Formanın {index} nömrəli sualı?'}}"
    yield "    hint: {en: 'What was seen, not what was told', az: 'Eşidilən yox, görülən'}"
    if kind == "select_one":
        yield "    choices: yes_no"
    elif kind == "select_multiple":
        yield "    choices: seen"
    elif kind == "integer":
        yield '    constraint: ". <= 3000"'
        if index:
            yield f"    relevant: \"q{index - 1} = 'yes'\""


KINDS = ("select_one", "integer", "text", "select_multiple")


def xlsform(questions: int) -> dict[str, list[dict[str, str]]]:
    """Return the same form as `checklist` as the rows of an XLSForm."""
    survey = []
    for index in range(questions):
        kind = KINDS[index % len(KINDS)]
        row = {
            "name": f"q{index}",
            "type": {"select_one": "select_one yes_no", "select_multiple": "select_multiple seen"}.get(kind, kind),
            "label::English (en)": f"Question {index} of the form?",
            "label::Azərbaycanca (az)": f"Formanın {index} nömrəli sualı?",
            "hint::English (en)": "What was seen, not what was told",
            "hint::Azərbaycanca (az)": "Eşidilən yox, görülən",
        }
        if kind == "integer":
            row["constraint"] = ". <= 3000"
            row["relevant"] = f"${{q{index - 1}}} = 'yes'"
        survey.append(row)
    choices = [
        {"list_name": name, "name": code, "label::English (en)": english, "label::Azərbaycanca (az)": azerbaijani}
        for name, code, english, azerbaijani in (
            ("yes_no", "yes", "Yes", "Bəli"),
            ("yes_no", "no", "No", "Xeyr"),
            ("yes_no", "not_observed", "Not observed", "Müşahidə edilməyib"),
            ("seen", "ink", "Ink", "Mürəkkəb"),
            ("seen", "box", "Box", "Qutu"),
            ("seen", "list", "List", "Siyahı"),
            ("seen", "none", "None", "Heç biri"),
        )
    ]
    settings = [{"form_title": "A big form", "form_id": "big", "version": "1", "default_language": "English (en)"}]
    return {"survey": survey, "choices": choices, "settings": settings}


def answers(questions: int, seed: int) -> dict[str, object]:
    """Return one response to `checklist`, about one answer in eight blank, and nothing answered that is not asked."""
    draw = random.Random(seed)
    data: dict[str, object] = {"q0": "yes"}
    for index in range(1, questions):
        if draw.random() < 0.12:
            continue
        kind = KINDS[index % len(KINDS)]
        if kind == "select_one":
            data[f"q{index}"] = draw.choice(("yes", "no", "not_observed"))
        elif kind == "integer":
            if data.get(f"q{index - 1}") == "yes":
                data[f"q{index}"] = draw.randrange(3000)
        elif kind == "text":
            data[f"q{index}"] = f"seen at {draw.randrange(24)} o'clock"
        else:
            data[f"q{index}"] = draw.sample(("ink", "box", "list"), draw.randrange(1, 4))
    return data
