"""What each type of question is in XLSForm: the cells that its type alone decides."""

from __future__ import annotations

import re

from checklist_kit.model import (
    Acknowledge,
    Checklist,
    Date,
    Datetime,
    Decimal,
    Geopoint,
    Image,
    Integer,
    Question,
    SelectMultiple,
    Time,
)
from checklist_kit.targets.xlsform.texts import clean
from checklist_kit.targets.xlsform.xpath import quoted

_WHOLE, _NUMBER, _SWITCH, _PACKAGE = r"\d+", r"-?\d+(\.\d+)?", "true|false", r"[A-Za-z][\w.]*"
_RANDOM = {"randomize": _SWITCH, "seed": _NUMBER}
# A converter refuses a form with any other parameter, or with another kind of value.
_PARAMETERS = {
    "text": {"rows": _WHOLE},
    "image": {"max-pixels": _WHOLE, "app": _PACKAGE},
    "geopoint": {"capture-accuracy": _NUMBER, "warning-accuracy": _NUMBER, "allow-mock-accuracy": _SWITCH},
    "select_one": _RANDOM,
    "select_multiple": _RANDOM,
}
# A default that an app computes when the form is opened: it shows an answer, or is one of these functions throughout.
_COMPUTED = re.compile(
    r"\$\{(\w+)\}|^(?:today|now|uuid|random|concat|if|coalesce|once|date|string|int|round)\(.*\)$", re.DOTALL
)
# What a converter takes for a formula, between the literals and names that it does not.
_TOKEN = re.compile(
    r"""(?P<plain>-?\d+\.?\d*|-?\.\d+|"[^"]*"|'[^']*'|[^\W\d][\w.-]*(?![\w.(\[-]))
      | (?P<formula>[*+|-]|\ mod\ |\ div\ |[^\W\d][\w.:-]*[(\[]|\$\{)
      | .""",
    re.VERBOSE | re.DOTALL,
)


def parameters(question: Question) -> tuple[dict[str, str], list[str]]:
    """Return the parameters that the form can have, and the names of those that it cannot."""
    known = _PARAMETERS.get(question.type, {})
    fitting = {
        name: value for name, value in question.parameters.items() if name in known and re.fullmatch(known[name], value)
    }
    if "randomize" not in fitting:
        fitting.pop("seed", None)
    return fitting, [name for name in question.parameters if name not in fitting]


def default(question: Question, checklist: Checklist) -> str:
    """Return the cell of the default, empty where there is none.

    A text that a converter would compute becomes a literal.
    """
    text = clean(question.default or "")
    match question:
        case Acknowledge():
            return "OK" if text else ""
        case SelectMultiple():
            text = " ".join(re.split(r"[\s;]+", text.strip()))
        case Integer() | Decimal() | Date() | Time() | Datetime() | Geopoint() | Image():
            return text
    found = _COMPUTED.search(text)
    if found and (found[1] is None or found[1] in checklist.symbols):
        return text
    if any(token.lastgroup == "formula" for token in _TOKEN.finditer(text)):
        literal = quoted(text)
        return literal if literal.startswith("concat(") else f"string({literal})"
    return text
