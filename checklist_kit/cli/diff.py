"""`checklist diff`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checklist_kit.cli.shared import FILE, load_or_exit

if TYPE_CHECKING:
    from checklist_kit.changes import Comparison
    from checklist_kit.model import Checklist

_SIGNS = {"added": "+", "removed": "-"}


@click.command("diff")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show the differences.",
)
def command(old: Path, new: Path, form: str) -> None:
    r"""Say in words what differs between two versions of a checklist, and whether their responses can be merged.

    The verdict tells whether NEW can read responses of OLD without loss, with the mapping that `was` declares, or not.
    Exits with 0 when no answer is lost, with 1 when one may be, or when one of the checklists has an error.

    NEW may also be another version of a bank of questions that OLD includes: then it is said what that would change.

    \b
    Example:
      checklist diff election_day_2024.yaml election_day_2025.yaml
      checklist diff old.yaml new.yaml --format json
      checklist diff election_day.yaml downloads/opening.yaml
    """
    from checklist_kit.api import diff
    from checklist_kit.changes import Effect

    found = diff(load_or_exit(old), _with_bank(old, new) if _is_bank(new) else load_or_exit(new))
    click.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2) if form == "json" else _as_text(found))
    if found.effect is Effect.LOSS:
        raise click.exceptions.Exit(1)


def _is_bank(path: Path) -> bool:
    from checklist_kit.diagnostics import DefinitionError
    from checklist_kit.source import bank_name

    try:
        return bool(bank_name(path))
    except DefinitionError:
        return False


def _with_bank(checklist: Path, bank: Path) -> Checklist:
    from checklist_kit.api import with_bank
    from checklist_kit.diagnostics import DefinitionError

    try:
        return with_bank(checklist, bank)
    except (DefinitionError, LookupError) as error:
        raise click.ClickException(str(error)) from error


def _as_text(found: Comparison) -> str:
    lines = [f"{found.old.id} {found.old.version} -> {found.new.id} {found.new.version}"]
    lines += [f"{_sign(change.kind)} {change.message}{_mark(change.effect.word)}" for change in found.changes]
    lines += [] if found.changes else ["nothing differs"]
    return "\n".join([*lines, "", found.verdict])


def _sign(kind: str) -> str:
    return _SIGNS.get(kind.rpartition("-")[2], "~")


def _mark(effect: str) -> str:
    return "" if effect == "none" else f" [{effect}]"


def _as_json(found: Comparison) -> dict[str, Any]:
    return {
        "old": {"checklist": found.old.id, "version": found.old.version, "hash": found.old.hash},
        "new": {"checklist": found.new.id, "version": found.new.version, "hash": found.new.hash},
        "verdict": found.effect.word,
        "message": found.verdict,
        "changes": [
            {
                "kind": change.kind,
                "item": change.item,
                "message": change.message,
                "effect": change.effect.word,
                "file": change.span.file,
                "line": change.span.line,
                "column": change.span.column,
            }
            for change in found.changes
        ],
    }
