"""Dates, times of day and datetimes, as people, spreadsheets, browsers and phones write them.

The clock on the wall counts: an offset from UTC is kept in a datetime and dropped from a time. Fractions of a second
are dropped.
"""

from __future__ import annotations

import datetime
import re

from checklist_kit.analysis.coerce.result import Coerced, Fault, answered, set_aside, wrong_shape
from checklist_kit.analysis.coerce.text import plain
from checklist_kit.protocols import Raw

_DATE = r"(?P<first>\d{1,4})(?P<mark>[-./])(?P<second>\d{1,2})(?P=mark)(?P<third>\d{1,4})"
_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<seconds>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?P<offset>[Zz]|[+-]\d{2}(?::?\d{2}){0,2})?"
)
_ONLY_DATE = re.compile(_DATE)
_ONLY_TIME = re.compile(_TIME)
_BOTH = re.compile(_DATE + r"(?:[Tt]|\s+)" + _TIME)
_MONTH_NAME = re.compile(r"\d{1,2}[- .]?[^\W\d_]{3,9}\.?(?:[- ]\d{2,4})?|[^\W\d_]{3,9}\.?[- ]\d{1,4}")
_MIDNIGHT = datetime.time()
_DAY_ZERO_YEARS = (1899, 1900, 1904)  # a spreadsheet's time of day is a moment of its first days
_HALF_SECOND = datetime.timedelta(microseconds=500_000)


def looks_like_date(text: str) -> bool:
    """Whether a text may be a date that a spreadsheet made of a code: `2024-01-02`, `02.01.2024`, `2-Jan`, `Jan-02`."""
    return bool(_ONLY_DATE.fullmatch(text) or _BOTH.fullmatch(text) or _MONTH_NAME.fullmatch(text))


def read_date(raw: Raw) -> Coerced:
    """Read a calendar day."""
    if isinstance(raw, datetime.datetime):
        return _day_of(raw)
    if isinstance(raw, datetime.date):
        return answered(raw.isoformat())
    if isinstance(raw, str):
        return _date_of_text(plain(raw))
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return set_aside("value-not-a-date", "a bare number stands where a date is expected; write it like 2024-02-07")
    if isinstance(raw, datetime.time | datetime.timedelta | bool):
        return set_aside("value-not-a-date", "this is no date; write it like 2024-02-07")
    return wrong_shape(raw)


def _day_of(moment: datetime.datetime) -> Coerced:
    if moment.time() != _MIDNIGHT:
        return set_aside("value-datetime-for-date", "a time of day stands beside the date")
    return answered(moment.date().isoformat())


def _date_of_text(text: str) -> Coerced:
    if both := _BOTH.fullmatch(text):
        moment = _moment(both)
        return moment if isinstance(moment, Coerced) else _noted(_day_of(moment[0]), moment[1])
    if only := _ONLY_DATE.fullmatch(text):
        day = _day(only)
        return day if isinstance(day, Coerced) else answered(day[0].isoformat(), problem=day[1])
    return set_aside("value-not-a-date", "this is no date; write it like 2024-02-07")


def _noted(read: Coerced, note: Fault | None) -> Coerced:
    return read if read.aside else answered(read.value, problem=note)


def _day(match: re.Match[str]) -> tuple[datetime.date, Fault | None] | Coerced:
    """The day that three numbers mean, if they can mean one day only."""
    first, mark, second, third = match.group("first", "mark", "second", "third")
    if len(first) == 4 and len(third) <= 2:
        readings = [(int(first), int(second), int(third))]
    elif len(third) == 4 and len(first) <= 2:
        readings = [(int(third), int(second), int(first)), (int(third), int(first), int(second))]
    else:
        return set_aside("value-ambiguous-date", "the year needs four digits; write the date like 2024-02-07")
    days = sorted({day for reading in readings if (day := _calendar(*reading))})
    if not days:
        return set_aside("value-not-a-date", "there is no such day")
    if len(days) > 1:
        return set_aside("value-ambiguous-date", f"this is either {days[0]} or {days[1]}")
    iso = len(first) == 4 and mark == "-" and len(second) == len(third) == 2
    return days[0], None if iso else ("value-date-format", f"read as {days[0]}")


def _calendar(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def read_time(raw: Raw) -> Coerced:
    """Read a time of day."""
    if isinstance(raw, datetime.datetime):
        if raw.year in _DAY_ZERO_YEARS:
            return answered(_clock_text(raw.time()))
        return set_aside("value-not-a-time", "a date stands beside the time of day")
    if isinstance(raw, datetime.time):
        return answered(_clock_text(raw))
    if isinstance(raw, datetime.timedelta):
        return _time_of_seconds(raw.total_seconds())
    if isinstance(raw, float) and 0 < raw < 1:
        return _time_of_seconds(raw * 86_400, note=True)
    if isinstance(raw, str):
        return _time_of_text(plain(raw))
    if isinstance(raw, bool | int | float | datetime.date):
        return set_aside("value-not-a-time", "this is no time of day; write it like 08:05")
    return wrong_shape(raw)


def _time_of_seconds(seconds: float, *, note: bool = False) -> Coerced:
    whole = round(seconds)
    if not 0 <= whole < 86_400:
        return set_aside("value-not-a-time", "this is no time of one day")
    text = _clock_text((datetime.datetime.min + datetime.timedelta(seconds=whole)).time())
    return answered(text, problem=("value-time-format", f"a fraction of a day, read as {text}") if note else None)


def _clock_text(clock: datetime.time) -> str:
    """`HH:MM`, with seconds if there are any. Spreadsheets keep fractions of days: the nearest second is meant."""
    if clock.microsecond >= _HALF_SECOND.microseconds and clock < datetime.time(23, 59, 59):
        clock = (datetime.datetime.combine(datetime.date.min, clock.replace(tzinfo=None)) + _HALF_SECOND).time()
    return clock.strftime("%H:%M:%S" if clock.second else "%H:%M")


def _time_of_text(text: str) -> Coerced:
    match = _ONLY_TIME.fullmatch(text)
    clock = _clock(match) if match else None
    if match is None or clock is None:
        return set_aside("value-not-a-time", "this is no time of day; write it like 08:05")
    value = _clock_text(clock)
    return answered(value, problem=("value-time-format", f"read as {value}") if match["half"] else None)


def _clock(match: re.Match[str]) -> datetime.time | None:
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["seconds"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    try:
        return datetime.time(hour, minute, second)
    except ValueError:
        return None


def read_datetime(raw: Raw) -> Coerced:
    """Read a day with a time of day."""
    if isinstance(raw, datetime.datetime):
        return answered(_moment_text(raw))
    if isinstance(raw, datetime.date):  # a spreadsheet's midnight
        return answered(_moment_text(datetime.datetime.combine(raw, _MIDNIGHT)))
    if isinstance(raw, str):
        return _datetime_of_text(plain(raw))
    if isinstance(raw, bool | int | float | datetime.time | datetime.timedelta):
        return set_aside("value-not-a-datetime", "this is no date with a time; write it like 2024-02-07T08:05")
    return wrong_shape(raw)


def _datetime_of_text(text: str) -> Coerced:
    match = _BOTH.fullmatch(text)
    if match is None:
        return set_aside("value-not-a-datetime", "this is no date with a time; write it like 2024-02-07T08:05")
    moment = _moment(match)
    return moment if isinstance(moment, Coerced) else answered(_moment_text(moment[0]), problem=moment[1])


def _moment(match: re.Match[str]) -> tuple[datetime.datetime, Fault | None] | Coerced:
    day, clock = _day(match), _clock(match)
    if isinstance(day, Coerced):
        return day
    if clock is None:
        return set_aside("value-not-a-time", "there is no such time of day")
    offset = match["offset"]
    try:
        zone = datetime.timezone(_offset(offset)) if offset else None
    except ValueError:
        return set_aside("value-not-a-time", "there is no such offset from UTC")
    return datetime.datetime.combine(day[0], clock, zone), day[1]


def _offset(text: str) -> datetime.timedelta:
    if text in "Zz":
        return datetime.timedelta()
    digits = text[1:].replace(":", "").ljust(6, "0")
    size = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
    return -size if text[0] == "-" else size


def _moment_text(moment: datetime.datetime) -> str:
    """ISO 8601 with seconds if there are any, and with the offset from UTC if one was given."""
    latest = datetime.datetime.max - _HALF_SECOND
    if moment.microsecond >= _HALF_SECOND.microseconds and moment.replace(tzinfo=None) < latest:
        moment += _HALF_SECOND
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")
