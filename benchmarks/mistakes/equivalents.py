"""The checklist of tests/cases/mistakes as an XLSForm, and each mistake that XLSForm can make as changes of its cells.

What is no mistake there (regular expressions with anchors, capitals in names) or has no word there (indicators, kinds
of missing answers, transmission codes, YAML itself) is not in the table.
"""

from __future__ import annotations

from dataclasses import dataclass

EN, AZ = "label::English (en)", "label::Azərbaycanca (az)"
Row = dict[str, str]
Sheets = dict[str, list[Row]]


@dataclass(frozen=True)
class Cell:
    """Another value in one cell; `row` is the name in that row, as it stands in the base."""

    row: str
    column: str
    value: str
    sheet: str = "survey"


@dataclass(frozen=True)
class Added:
    """Rows after another one."""

    after: str
    rows: tuple[Row, ...]
    sheet: str = "survey"


@dataclass(frozen=True)
class Header:
    """Another heading of a column."""

    column: str
    value: str
    sheet: str = "survey"


Change = Cell | Added | Header


def base() -> Sheets:
    """The checklist without a mistake."""
    return {
        "survey": [
            _row(
                "text",
                "station",
                "Which station is it?",
                "Bu, hansı məntəqədir?",  # codespell:ignore bu
                required="yes",
                constraint="regex(., '^[0-9]{1,3}/[0-9]{1,2}$')",
            ),
            _row("begin_group", "opening", "Opening", "Açılış"),
            _row("select_one yes_no", "opened", "Did the station open on time?", "Məntəqə vaxtında açıldımı?",
                 **{"hint::English (en)": "On time means by 08:15",
                    "hint::Azərbaycanca (az)": "Vaxtında, yəni 08:15-dək"}),
            _row("text", "reason", "What caused the delay?", "Gecikməyə nə səbəb oldu?", relevant="${opened} = 'no'"),
            {"type": "end_group"},
            _row("integer", "registered", "How many voters are registered?", "Neçə seçici qeydə alınıb?",
                 constraint=". >= 1 and . <= 3000 or . = 9999"),
            _row("integer", "voted", "How many of them voted?", "Onlardan neçəsi səs verdi?",
                 constraint=". >= 0 and . <= ${registered}"),
            _row("select_multiple problems", "seen", "Which problems did you see?", "Hansı problemləri gördünüz?",
                 constraint="not(selected(., 'none') and count-selected(.) > 1)"),
            _row("date", "visited", "On which day were you there?", "Hansı gün orada oldunuz?",
                 constraint=". >= date('2024-02-06')"),
            _row("begin_repeat", "results", "Votes of each party", "Hər partiyanın səsləri"),
            _row("integer", "votes", "How many votes did it get?", "Neçə səs aldı?"),
            {"type": "end_repeat"},
            _row("calculate", "turnout", "", "", calculation="100 * ${voted} div ${registered}"),
        ],
        "choices": [
            _choice("yes_no", "yes", "Yes", "Bəli"),
            _choice("yes_no", "no", "No", "Xeyr"),
            _choice("yes_no", "not_observed", "Not observed", "Müşahidə edilməyib"),
            _choice("problems", "queue", "Long queues", "Uzun növbələr"),
            _choice("problems", "ink", "Missing ink", "Mürəkkəb çatışmır"),
            _choice("problems", "none", "None of these", "Bunların heç biri"),
        ],
        "settings": [
            {"form_title": "Election day", "form_id": "election_day", "version": "2024.1",
             "default_language": "English (en)"}
        ],
    }  # fmt: skip


def _row(kind: str, name: str, en: str, az: str, **cells: str) -> Row:
    return {"type": kind, "name": name, EN: en, AZ: az, **cells}


def _choice(list_name: str, name: str, en: str, az: str) -> Row:
    return {"list_name": list_name, "name": name, EN: en, AZ: az}


def _relevant(text: str, row: str = "reason") -> tuple[Change, ...]:
    return (Cell(row, "relevant", text),)


def _constraint(text: str, row: str = "voted") -> tuple[Change, ...]:
    return (Cell(row, "constraint", text),)


def _calculation(text: str) -> tuple[Change, ...]:
    return (Cell("turnout", "calculation", text),)


def _text(text: str, row: str = "reason", column: str = EN, sheet: str = "survey") -> tuple[Change, ...]:
    return (Cell(row, column, text, sheet),)


def _question(kind: str, name: str, en: str, az: str, **cells: str) -> tuple[Change, ...]:
    return (Added("turnout", (_row(kind, name, en, az, **cells),)),)


EQUIVALENTS: dict[str, tuple[Change, ...]] = {
    # expressions that do not read
    "logic-chained-comparison": _constraint("0 <= . <= ${registered}"),
    "logic-curly-quotes": _relevant("${opened} = ’no’"),
    "logic-double-ampersand": _relevant("${opened} = 'no' && ${voted} > 0"),
    "logic-missing-operand": _relevant("${opened} = 'no' and"),
    "logic-unclosed-bracket": _relevant("(${opened} = 'no'"),
    "logic-unclosed-quote": _relevant("${opened} = 'no"),
    "logic-too-few-arguments": _calculation("if(${registered} > 0, ${voted})"),
    "logic-unknown-function": _calculation("rounded(100 * ${voted} div ${registered})"),
    "logic-regex-bracket": _constraint("regex(., '^[0-9]{1,3}/[0-9{1,2}$')", "station"),
    # names in expressions
    "logic-misspelt-name": _relevant("${openned} = 'no'"),  # codespell:ignore openned
    "logic-cyrillic-name": _relevant("${оpened} = 'no'"),
    "logic-code-without-quotes": _relevant("${opened} = no"),
    "logic-dot-outside-constraint": _relevant(". = 'no'"),
    "logic-own-answer": _relevant("${reason} != ''"),
    "logic-later-question": _relevant("${turnout} > 50"),
    "logic-section-has-no-answer": _relevant("${opening} != ''"),
    "logic-repeat-without-sum": _calculation("100 * ${votes} div ${registered}"),
    # types and codes in expressions
    "logic-bad-date": _constraint(". >= date('2024-02-30')", "visited"),
    "logic-date-format": _constraint(". >= date('06.02.2024')", "visited"),
    "logic-choice-order": _relevant("${opened} > 'no'"),
    "logic-choice-with-number": _relevant("${opened} = 0"),
    "logic-code-of-other-list": _relevant("${opened} = 'no' or ${opened} = 'queue'"),
    "logic-unknown-code": _relevant("${opened} = 'nope'"),
    "logic-has-unknown-code": _relevant("selected(${seen}, 'inks')", "visited"),
    "logic-equals-on-select-multiple": _relevant("${seen} = 'ink'", "visited"),
    "logic-decimal-equality": _question("text", "half", "Why?", "Niyə?", relevant="${turnout} = 50"),
    # contradictions
    "logic-and-for-or": _relevant("${opened} = 'no' and ${opened} = 'yes'"),
    "logic-or-for-and": _relevant("${opened} != 'yes' or ${opened} != 'not_observed'"),
    "logic-constant-condition": _relevant("1 = 1"),
    "logic-beyond-the-constraint": _relevant("${registered} > 5000 and ${registered} != 9999", "seen"),
    "logic-empty-range": _relevant("${voted} > 100 and ${voted} < 50", "seen"),
    "logic-more-than-everybody": _relevant("${voted} > ${registered}", "seen"),
    "logic-constraint-below-another": _constraint(". > ${registered} and . >= 4000 and . <= 2000"),
    "logic-constraint-of-other": _constraint("${registered} <= 3000"),
    "logic-constraint-with-or": _constraint(". >= 1 or . <= 3000", "registered"),
    "logic-impossible-constraint": _constraint(". >= 3000 and . <= 1", "registered"),
    "logic-contradicts-section": (
        Cell("opening", "relevant", "${station} != ''"),
        Cell("reason", "relevant", "${station} = ''"),
    ),
    "logic-contradicts-used-question": _question(
        "text", "apology", "Who explained it?", "Kim izah etdi?", relevant="${opened} = 'yes' and ${reason} != ''"
    ),
    "logic-exclusive-with-other": _question(
        "text", "ink_note", "What about it?", "Necə idi?",
        relevant="selected(${seen}, 'none') and selected(${seen}, 'ink')",
    ),
    "logic-none-not-exclusive": _constraint("", "seen"),
    "logic-none-in-azerbaijani": (*_text("Everything was fine", "none", EN, "choices"), Cell("seen", "constraint", "")),
    "logic-missing-not-exclusive": (*_text("I did not look", "none", EN, "choices"), Cell("seen", "constraint", "")),
    # names and lists
    "name-choice-mixed-script": (Cell("queue", "name", "quеue", "choices"),),
    "name-choice-twice": (Added("ink", (_choice("problems", "ink", "Dry ink", "Qurumuş mürəkkəb"),), "choices"),),
    "name-choice-with-blank": (Cell("queue", "name", "long queue", "choices"),),
    "name-of-checklist": (Cell("", "form_id", "Election Day 2024", "settings"),),
    "name-unknown-list": (Cell("opened", "type", "select_one yesno"),),
    "name-unused-list": (Added("none", (_choice("shares", "all", "All of them", "Hamısı"),), "choices"),),
    "name-used-twice": (Cell("turnout", "calculation", "100 * ${registered}"), Cell("turnout", "name", "voted")),
    "name-used-twice-in-sections": (
        Added("turnout", (_row("begin_group", "closing", "Closing", "Bağlanış"), {"type": "end_group"})),
        Added("closing", (_row("select_one yes_no", "opened", "Did it close on time?", "Vaxtında bağlandımı?"),)),
    ),
    "name-with-cyrillic": (Cell("visited", "name", "visitеd"),),
    # the form's own cells
    "schema-calculate-without-calculation": _calculation(""),
    "schema-default-breaks-constraint": (Cell("registered", "default", "0"),),
    "schema-default-date": (Cell("visited", "default", "07.02.2024"),),
    "schema-default-no-number": (Cell("voted", "default", "many"),),
    "schema-default-unknown-choice": (Cell("opened", "default", "maybe"),),
    "schema-empty-label": (Cell("opening", EN, ""), Cell("opening", AZ, "")),
    "schema-empty-section": (
        Added("turnout", (_row("begin_group", "closing", "Closing", "Bağlanış"), {"type": "end_group"})),
    ),
    "schema-language-code": (Header(AZ, "label::Azərbaycanca"),),
    "schema-message-without-required": (
        Cell("voted", "required_message::English (en)", "Please answer"),
        Cell("voted", "required_message::Azərbaycanca (az)", "Cavab verin"),
    ),
    "schema-misspelt-label": (
        *_text("", "visited"), *_text("", "visited", AZ), *_text("On which day?", "visited", "labell"),
    ),
    "schema-misspelt-relevant": (Cell("reason", "relevent", "${opened} = 'no'"), Cell("reason", "relevant", "")),
    "schema-repeat-count-zero": (Cell("results", "repeat_count", "0"),),
    "schema-repeat-without-questions": (Cell("votes", "type", "note"),),
    "schema-top-level-key": (Header("version", "versoin", "settings"),),  # codespell:ignore versoin
    "schema-type-misspelt": (Cell("seen", "type", "select_multipl problems"),),
    "schema-without-choices": (Cell("opened", "type", "select_one"),),
    "schema-without-label": (Cell("votes", EN, ""), Cell("votes", AZ, "")),
    "schema-without-name": (Cell("votes", "name", ""),),
    "schema-without-type": (Cell("visited", "type", ""),),
    # languages and wording
    "text-double-negative": _text("Were no observers denied access?", "opened"),
    "text-empty-translation": _text(" ", column=AZ),
    "text-missing-choice": _text("", "ink", AZ, "choices"),
    "text-missing-hint": _text("", "opened", "hint::Azərbaycanca (az)"),
    "text-missing-label": _text("", column=AZ),
    "text-mixed-letters": _text("What caused the dеlay?"),
    "text-placeholder-later": (*_text("What delayed ${voted}?"), *_text("${voted} nəyi gözlədi?", column=AZ)),
    "text-placeholder-lost": _text("What caused the delay in ${station}?"),
    "text-placeholder-misspelt": (*_text("What was it in ${staton}?"), *_text("${staton}: nə oldu?", column=AZ)),
    "text-same-in-both": _text("What caused the delay?", column=AZ),
    "text-two-questions": _text("Was the box empty and was it sealed?", "opened"),
    "text-unknown-default-language": (Cell("", "default_language", "eng", "settings"),),
    "text-unknown-language": _text("Почему?", column="label::Русский (ru)"),
}  # fmt: skip


def changed(changes: tuple[Change, ...]) -> tuple[Sheets, int]:
    """The XLSForm with a mistake, and the row of the last change, counted as in a spreadsheet (1: the headings)."""
    sheets, at = base(), 0
    for change in changes:
        rows = sheets[change.sheet]
        match change:
            case Header(column, value):
                sheets[change.sheet] = [
                    {value if key == column else key: cell for key, cell in row.items()} for row in rows
                ]
                at = 1
            case Added(after, added):
                index = _index(rows, after)
                rows[index + 1 : index + 1] = list(added)
                at = index + 3
            case Cell(name, column, value):
                index = _index(rows, name)
                rows[index] = {**rows[index], column: value}
                at = index + 2
    return sheets, at


def _index(rows: list[Row], name: str) -> int:
    return next(number for number, row in enumerate(rows) if row.get("name", "") == name)
