"""What counts where a unit was reported more than once."""

from __future__ import annotations

from enum import StrEnum


class Resolve(StrEnum):
    """Which of several reports of a unit counts.

    FIRST and LATEST take the report by the time it was received, or by their order where none has a time; where some
    have one, those without it come last. SENIOR takes that of the most senior observer, and of several equals the
    first. A report that does not answer a question gives way to the next that does.
    ANY_ADVERSE and MAJORITY look at each indicator by itself. The former takes the adverse finding where one report has
    it: yes, or no where the indicator is favourable; of numbers the largest, or the smallest. The latter takes what
    more reports say, and where as many say one thing as another, what that of them says which was received first.
    Where no report is in the base, the one received first tells why.
    NONE lets each report count as a unit of its own.
    """

    FIRST = "first"
    LATEST = "latest"
    SENIOR = "senior"
    ANY_ADVERSE = "any_adverse"
    MAJORITY = "majority"
    NONE = "none"
