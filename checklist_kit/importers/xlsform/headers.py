"""Column headers in all their spellings -> one spelling, and the language of a column of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_MEDIA = ("image", "big-image", "audio", "video")
_SURVEY = {
    "caption": "label",
    "command": "type",
    "tag": "name",
    "value": "name",
    "relevance": "relevant",
    "readonly": "read_only",
    "calculate": "calculation",
    "constraining_message": "constraint_message",
    "requiredmsg": "required_message",
    "noapperrorstring": "no_app_error_string",
    "count": "repeat_count",
    "jr:count": "repeat_count",
    **{kind: f"media::{kind}" for kind in _MEDIA},
}
_CHOICES = {"caption": "label", "value": "name", **{kind: f"media::{kind}" for kind in _MEDIA}}
_SETTINGS = {"set_form_title": "form_title", "title": "form_title", "set_form_id": "form_id", "id_string": "form_id"}
_ALIASES: Mapping[str, Mapping[str, str]] = {
    "survey": _SURVEY,
    "choices": _CHOICES,
    "external_choices": _CHOICES,
    "settings": _SETTINGS,
}
# Columns of the XForm itself that have a name of their own.
_GROUPED = {
    "bind::relevant": "relevant",
    "bind::required": "required",
    "bind::readonly": "read_only",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::jr:constraintMsg": "constraint_message",
    "bind::jr:requiredMsg": "required_message",
    "body::appearance": "appearance",
    "control::appearance": "appearance",
    "body::jr:count": "repeat_count",
    "control::jr:count": "repeat_count",
}
_KNOWN = frozenset(
    (
        *("type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint"),
        *("constraint_message", "calculation", "default", "appearance", "read_only", "parameters", "choice_filter"),
        *(
            "repeat_count",
            "list_name",
            "media",
            "bind",
            "body",
            "control",
            "instance",
            "trigger",
            "save_to",
            "disabled",
        ),
        *("form_title", "form_id", "version", "default_language", "instance_name", "style", "public_key", "autoplay"),
        *("submission_url", "auto_send", "auto_delete", "allow_choice_duplicates", "namespaces", "attribute", "query"),
        *("rows", "intent", "client_editable", "sms_keyword", "clean_text_values", "prefix"),
    )
)
_ORDER = (
    *("list_name", "type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant"),
    *("constraint", "constraint_message", "calculation", "default", "appearance", "read_only", "parameters"),
    *("choice_filter", "repeat_count", "disabled"),
)
TEXTS = ("label", "hint", "guidance_hint", "required_message", "constraint_message")
_TRANSLATED = (*TEXTS, *(f"media::{kind}" for kind in _MEDIA))
_SPACES = re.compile(r" +")


def canonical(sheet: str, headers: Iterable[str], apollo: bool = False) -> list[str]:
    """Return headers as this project writes them; empty ones stay empty. Apollo has one spelling of its own.

    Languages stand behind `::`, as in `label::English (en)`. Where no header has `::`, a single `:` separates.
    """
    texts = [_SPACES.sub(" ", header.strip()) for header in headers]
    single = not any("::" in text for text in texts)
    aliases = {**_ALIASES.get(sheet, {}), **({"constraints": "constraint"} if apollo else {})}
    return [_one(text, aliases, single) for text in texts]


def _one(header: str, aliases: Mapping[str, str], single: bool) -> str:
    parts = [part.strip() for part in header.split("::")]
    if single and len(parts) == 1 and not header.startswith("jr:"):
        parts = [part.strip() for part in header.replace("jr:", "jr\0").split(":")]
        parts = [part.replace("\0", ":") for part in parts]
    first = "_".join(parts[0].split()).lower()
    first = aliases.get(first, first)
    if first.partition("::")[0] not in _KNOWN:
        return header
    whole = "::".join([first, *parts[1:]])
    for group, name in _GROUPED.items():
        if whole == group or whole.startswith(f"{group}::"):
            return name + whole[len(group) :]
    return whole


def place(column: str, languages: Sequence[str]) -> tuple[int, int]:
    """Return where a column stands in a form that is built: those that mean nothing here come last."""
    base, _, language = column.partition("::")
    if is_other(column):
        return len(_ORDER), 0
    return _ORDER.index(base), languages.index(language) if language in languages else -1


def is_other(column: str) -> bool:
    """Whether a column, in its usual spelling, means nothing here."""
    return column not in _ORDER and column.partition("::")[0] not in TEXTS


def split_language(header: str) -> tuple[str, str] | None:
    """Return the column and the language of a header of texts or media, None for any other; "" for no language."""
    for column in _TRANSLATED:
        if header == column:
            return column, ""
        if header.startswith(f"{column}::"):
            return column, header[len(column) + 2 :]
    return None
