"""Reading single raw values: what becomes of each, and what holds for all."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist_kit.analysis.coerce import BLANK, Coerced, coerce, raw_text, reader, tick_reader
from checklist_kit.analysis.status import CODE
from checklist_kit.diagnostics import CODES
from checklist_kit.model import Missing, Question
from tests.analysis.helpers import HERE, load

TYPES = load(HERE / "types.yaml")
QUESTIONS = [entry.item.name for entry in TYPES.questions]


def question(name: str) -> Question:
    item = TYPES.by_name[name].item
    assert isinstance(item, Question)
    return item


def read(name: str, raw: Any) -> Coerced:
    return coerce(question(name), raw)


ANSWERED = [
    # Choices
    ("select_one", "yes", "yes", None),
    ("select_one", " yes\u00a0", "yes", None),
    ("select_one", "\u200eyes\ufeff", "yes", None),
    ("select_one", "YES", "yes", "value-label-for-code"),
    ("select_one", "bəli", "yes", "value-label-for-code"),
    ("select_one", "nope", "no", None),
    ("select_one", 7, "07", "value-leading-zeros"),
    ("select_one", 7.0, "07", "value-leading-zeros"),
    ("select_one", "7", "07", "value-leading-zeros"),
    ("select_one", 5.5, "5.50", "value-leading-zeros"),
    ("select_one", "1", "1", None),
    ("select_one", 1, "1", None),
    ("select_one", "01", "1", "value-leading-zeros"),
    ("select_one", "١", "1", None),
    ("select_one", "０７", "07", None),
    ("select_one", "1-2", "1-2", None),
    ("select_one", "one  TO two", "1-2", "value-label-for-code"),
    ("select_multiple", ["yes", "no"], "yes;no", None),
    ("select_multiple", ["no", "yes", "no"], "yes;no", None),
    ("select_multiple", "no;yes", "yes;no", None),
    ("select_multiple", "no; Bəli ;", "yes;no", "value-label-for-code"),
    ("select_multiple", "no yes", "yes;no", None),
    ("select_multiple", "no, yes", "yes;no", None),
    ("select_multiple", "no\nyes", "yes;no", None),
    ("select_multiple", "yes", "yes", None),
    ("select_multiple", "Not observed;yes", "yes;not_observed", "value-label-for-code"),
    # Numbers
    ("integer", "12", "12", None),
    ("integer", " 12 ", "12", None),
    ("integer", "007", "7", None),
    ("integer", "-3", "-3", None),
    ("integer", "−3", "-3", None),
    ("integer", "+3", "3", None),
    ("integer", 3.0, "3", None),
    ("integer", "3.0", "3", None),
    ("integer", "1e3", "1000", None),
    ("integer", "۱۲۳", "123", None),
    ("integer", "１２", "12", None),
    ("integer", "-0", "0", None),
    ("integer", "12,0", "12", "value-number-format"),
    ("integer", "1 234", "1234", "value-number-format"),
    ("integer", "1\u202f234\u202f567", "1234567", "value-number-format"),
    ("integer", "1,234,567", "1234567", "value-number-format"),
    ("integer", "1.234.567", "1234567", "value-number-format"),
    ("decimal", "12,5", "12.5", "value-number-format"),
    ("decimal", "٣٫٥", "3.5", None),
    ("decimal", "0,125", "0.125", "value-number-format"),
    ("decimal", "1.234,5", "1234.5", "value-number-format"),
    ("decimal", "1,234.5", "1234.5", "value-number-format"),
    ("decimal", "1'234.5", "1234.5", "value-number-format"),
    ("decimal", "12.345", "12.345", None),
    ("decimal", ".5", "0.5", None),
    ("decimal", "0.10", "0.1", None),
    ("decimal", -0.0, "0", None),
    ("decimal", 1e-7, "0.0000001", None),
    ("decimal", 0.1, "0.1", None),
    ("decimal", 3, "3", None),
    ("decimal", "0.12345678901234567890123", "0.12345678901234568", "value-rounded"),
    # Text
    ("text", "  a  b \n", "a  b", None),
    ("text", "NA", "NA", None),
    ("text", "=1+1", "=1+1", None),
    ("text", 12, "12", None),
    ("text", 12.0, "12", None),
    ("text", 1.5, "1.5", "value-number-for-text"),
    ("text", True, "true", "value-number-for-text"),
    ("matching", "12", "12", None),
    ("matching", "123", "123", "value-constraint"),
    ("matching", 12.0, "12", None),
    # Dates and times
    ("date", "2024-02-07", "2024-02-07", None),
    ("date", datetime.date(2024, 2, 7), "2024-02-07", None),
    ("date", datetime.datetime(2024, 2, 7), "2024-02-07", None),
    ("date", "2024-02-07T00:00:00.000Z", "2024-02-07", None),
    ("date", "2024-2-7", "2024-02-07", "value-date-format"),
    ("date", "2024/02/07", "2024-02-07", "value-date-format"),
    ("date", "25.12.2024", "2024-12-25", "value-date-format"),
    ("date", "12/25/2024", "2024-12-25", "value-date-format"),
    ("date", "05/05/2024", "2024-05-05", "value-date-format"),
    ("date", "٢٠٢٤-٠٢-٠٧", "2024-02-07", None),
    ("time", "8:05", "08:05", None),
    ("time", "08:05:00", "08:05", None),
    ("time", "08:05:30", "08:05:30", None),
    ("time", "08:05:00.000+04:00", "08:05", None),
    ("time", "8:05 pm", "20:05", "value-time-format"),
    ("time", "12:05 AM", "00:05", "value-time-format"),
    ("time", 0.5, "12:00", "value-time-format"),
    ("time", datetime.time(8, 5), "08:05", None),
    ("time", datetime.time(8, 4, 59, 999_999), "08:05", None),
    ("time", datetime.timedelta(hours=8, minutes=5), "08:05", None),
    ("time", datetime.datetime(1899, 12, 31, 8, 5), "08:05", None),
    ("datetime", "2024-02-07T08:05", "2024-02-07T08:05", None),
    ("datetime", "2024-02-07 08:05:30", "2024-02-07T08:05:30", None),
    ("datetime", "2024-02-07T08:05:00.000+04:00", "2024-02-07T08:05+04:00", None),
    ("datetime", "2024-02-07T08:05Z", "2024-02-07T08:05+00:00", None),
    ("datetime", "25.12.2024 8:05", "2024-12-25T08:05", "value-date-format"),
    ("datetime", datetime.datetime(2024, 2, 7, 8, 5), "2024-02-07T08:05", None),
    ("datetime", datetime.date(2024, 2, 7), "2024-02-07T00:00", None),
    # The rest
    ("image", "a.jpg", "a.jpg", None),
    ("image", [{"name": "a.jpg", "content": "data:image/jpeg;base64,AAAA"}], "a.jpg", None),
    ("geopoint", "40.4093 49.8671", "40.4093 49.8671", None),
    ("geopoint", "8.0E-4 0.0 12.0", "0.0008 0.0 12.0", None),
    ("geopoint", "40.40, 49.80, 12", "40.40 49.80 12", None),
    ("geopoint", {"latitude": 40.5, "longitude": 49, "accuracy": None}, "40.5 49", None),
    ("acknowledge", True, "1", None),
    ("acknowledge", 1, "1", None),
    ("acknowledge", "OK", "1", None),
    ("acknowledge", "✓", "1", "value-tick-mark"),
]


@pytest.mark.parametrize(("name", "raw", "value", "code"), ANSWERED)
def test_is_read(name: str, raw: Any, value: str, code: str | None) -> None:
    found = read(name, raw)
    assert (found.status, found.value) == ("answered", value)
    assert (found.problem and found.problem[0]) == code
    assert not found.aside


ASIDE = [
    ("select_one", "maybe", "value-unknown-choice"),
    ("select_one", "Other", "value-ambiguous-choice"),
    ("select_one", "yes;no", "value-several-for-one"),
    ("select_one", "yes no", "value-several-for-one"),
    ("select_one", datetime.date(2024, 2, 1), "value-date-for-code"),
    ("select_one", datetime.datetime(2024, 2, 1), "value-date-for-code"),
    ("select_one", "2-Jan", "value-date-for-code"),
    ("select_one", True, "value-unknown-choice"),
    ("select_one", ["yes"], "value-wrong-shape"),
    ("select_one", {"a": 1}, "value-wrong-shape"),
    ("select_one", float("nan"), "value-unknown-choice"),
    ("select_multiple", ["yes", "maybe"], "value-unknown-choice"),
    ("select_multiple", "yes;maybe", "value-unknown-choice"),
    ("select_multiple", ["yes", ["no"]], "value-wrong-shape"),
    ("select_multiple", {"yes": 1}, "value-wrong-shape"),
    ("integer", "1,200", "value-ambiguous-number"),
    ("integer", "1.200", "value-ambiguous-number"),
    ("integer", "-1,200", "value-ambiguous-number"),
    ("integer", "1.234", "value-ambiguous-number"),
    ("decimal", "1,234", "value-ambiguous-number"),
    ("decimal", "1.200", "value-ambiguous-number"),
    ("integer", "3.7", "value-not-whole"),
    ("integer", 3.7, "value-not-whole"),
    ("integer", "12,5", "value-not-whole"),
    ("integer", True, "value-not-a-number"),
    ("integer", "forty", "value-not-a-number"),
    ("integer", "12 km", "value-not-a-number"),
    ("integer", "1,23,456", "value-not-a-number"),
    ("integer", "1 2", "value-not-a-number"),
    ("integer", "", None),
    ("decimal", "nan", "value-not-a-number"),
    ("decimal", float("inf"), "value-not-a-number"),
    ("integer", "9" * 5000, "value-not-a-number"),
    ("integer", 2**63, "value-too-large"),
    ("integer", "9223372036854775808", "value-too-large"),
    ("integer", 1e17, "value-too-large"),
    ("decimal", "1e400", "value-too-large"),
    ("integer", datetime.date(2024, 2, 1), "value-date-for-code"),
    ("text", datetime.date(2024, 2, 1), "value-date-for-code"),
    ("text", "\ud83d", "value-bad-text"),
    ("text", ["a"], "value-wrong-shape"),
    ("text", 1e17, "value-too-large"),
    ("date", "03/04/2024", "value-ambiguous-date"),
    ("date", "03.04.2024", "value-ambiguous-date"),
    ("date", "25.12.24", "value-ambiguous-date"),
    ("date", "2024-02-30", "value-not-a-date"),
    ("date", "32/12/2024", "value-not-a-date"),
    ("date", 45329, "value-not-a-date"),
    ("date", 45329.0, "value-not-a-date"),
    ("date", "yesterday", "value-not-a-date"),
    ("date", datetime.datetime(2024, 2, 7, 8, 5), "value-datetime-for-date"),
    ("date", "2024-02-06T20:00:00Z", "value-datetime-for-date"),
    ("date", datetime.time(8, 5), "value-not-a-date"),
    ("time", "24:00", "value-not-a-time"),
    ("time", "8.05", "value-not-a-time"),
    ("time", "13:00 pm", "value-not-a-time"),
    ("time", 8, "value-not-a-time"),
    ("time", 8.5, "value-not-a-time"),
    ("time", datetime.datetime(2024, 2, 7, 8, 5), "value-not-a-time"),
    ("time", datetime.timedelta(hours=25), "value-not-a-time"),
    ("datetime", "2024-02-07", "value-not-a-datetime"),
    ("datetime", "03/04/2024 08:05", "value-ambiguous-date"),
    ("datetime", "2024-02-07T25:05", "value-not-a-time"),
    ("datetime", "2024-02-07T08:05+99:00", "value-not-a-time"),
    ("datetime", 45329.5, "value-not-a-datetime"),
    ("image", "data:image/png;base64,AAAA", "value-wrong-shape"),
    ("image", 5, "value-wrong-shape"),
    ("geopoint", "Baku", "value-not-a-point"),
    ("geopoint", "91 49", "value-not-a-point"),
    ("geopoint", "40", "value-not-a-point"),
    ("geopoint", [40, 49], "value-wrong-shape"),
    ("acknowledge", "perhaps", "value-not-a-tick"),
]


@pytest.mark.parametrize(("name", "raw", "code"), [case for case in ASIDE if case[2]])
def test_is_set_aside(name: str, raw: Any, code: str) -> None:
    found = read(name, raw)
    assert (found.status, found.value, found.number) == ("invalid", "", None)
    assert found.aside
    assert found.problem is not None
    assert found.problem[0] == code


MISSING = [
    ("select_one", "not_observed", "not_observed", "not_observed"),
    ("select_one", "Müşahidə edilməyib", "not_observed", "not_observed"),
    ("select_multiple", ["not_observed"], "not_observed", "not_observed"),
    ("integer", "9999", "refused", "9999"),
    ("integer", 9999.0, "refused", "9999"),
    ("integer", "İmtina", "refused", "9999"),
    ("decimal", "-1.5", "dont_know", "-1.5"),
    ("decimal", "-1,5", "dont_know", "-1.5"),
]


@pytest.mark.parametrize(("name", "raw", "status", "value"), MISSING)
def test_says_why_there_is_no_answer(name: str, raw: Any, status: str, value: str) -> None:
    found = read(name, raw)
    assert (found.status, found.value, found.number) == (status, value, None)


@pytest.mark.parametrize("name", QUESTIONS)
def test_blanks_and_emptiness(name: str) -> None:
    assert read(name, None) is BLANK
    assert read(name, "") is BLANK
    for nothing in (" ", "\u00a0\n", [], {}):
        found = read(name, nothing)
        assert found.status == "not_answered"
        assert found.problem is not None
        assert found.problem[0] == "value-empty"
        assert found.aside
    assert read(name, Missing.UNREADABLE) == Coerced("unreadable")


def test_an_empty_box_is_no_answer() -> None:
    found = read("acknowledge", False)
    assert (found.status, found.aside) == ("not_answered", True)


@pytest.mark.parametrize(
    ("raw", "value"),
    [(1, "1"), (0, "0"), (0.0, "0"), (True, "1"), ("FALSE", "0"), ("x", "1"), ("ink", "1"), ("no", "0"), ("2", "")],
)
def test_ticks(raw: Any, value: str) -> None:
    assert tick_reader(["ink"])(raw).value == value


def test_a_code_that_says_no_is_no_tick_and_no_blank() -> None:
    found = tick_reader(["no"])("no")
    assert found.problem is not None
    assert found.problem[0] == "value-not-a-tick"


HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.dates(),
    st.times(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.timedeltas(),
    st.text(st.characters(categories=["Cs", "N", "Zs", "Cf", "Po", "Lu"])),
    st.from_regex(r"[-+]?\d{0,4}[.,' ]\d{0,4}[.,' ]?\d{0,4}", fullmatch=True),
    st.from_regex(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ]\d{1,2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2})?)?", fullmatch=True),
    st.lists(st.sampled_from(["yes", "no", "maybe", 1, None, [], {}, 2.5]), max_size=3),
    st.sampled_from(["yes", "Bəli", "no;yes", "Other", "9999", "1e999999", "٣", "x", "40 49", b"bytes", object()]),
)

CANONICAL = {
    "integer": r"-?[1-9]\d*|0",
    "decimal": r"-?(0|[1-9]\d*)(\.\d*[1-9])?",
    "date": r"\d{4}-\d{2}-\d{2}",
    "time": r"\d{2}:\d{2}(:\d{2})?",
    "datetime": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}(:\d{2})?)?",
    "acknowledge": "1",
    "geopoint": r"[-+]?\d+(\.\d+)?( [-+]?\d+(\.\d+)?){1,3}",
}


@given(st.sampled_from(QUESTIONS), HOSTILE)
def test_anything_is_read_or_set_aside(name: str, raw: Any) -> None:
    """Never raises; what is set aside has a listed code; a value is canonical and, read again, itself."""
    found = read(name, raw)
    assert found.status in CODE
    if found.problem is not None:
        assert found.problem[0] in CODES
    assert found.aside == (found.status == "invalid" or (found.problem is not None and not found.value))
    raw_text(raw).encode("utf-8")
    if not found.value:
        return
    found.value.encode("utf-8")
    assert found.value == found.value.strip()
    assert re.fullmatch(CANONICAL.get(name, r"(?s).*"), found.value), found.value
    again = read(name, found.value)
    assert (again.status, again.value, again.number) == (found.status, found.value, found.number)


@given(st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) < 2**53))
def test_numbers_come_back_whatever_carries_them(number: float) -> None:
    """The same number as a number, as JSON text, and as its canonical text."""
    read_decimal = reader(question("decimal"))
    plain = read_decimal(number)
    if plain.status != "answered":
        assert number == -1.5
        return
    assert plain.number == number
    assert read_decimal(plain.value).number == number
    assert read_decimal(repr(number)).value in (plain.value, "")
