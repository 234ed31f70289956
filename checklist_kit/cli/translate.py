"""`checklist translate`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.shared import FILE, FOLDER, write_files

if TYPE_CHECKING:
    from checklist_kit.model import Checklist
    from checklist_kit.source import Invented, Loaded
    from checklist_kit.translation import Catalogues

_MOST_SHOWN = 20


command = click.Group(
    "translate",
    help="""Translate a checklist: say what is missing, hand texts out, and take translations in.

    Translations lie in translations/<language>.po beside each file. The languages are those of the checklist.

    \b
    Example:
      checklist translate status election_day.yaml --require 100
      checklist translate extract election_day.yaml --lang az --xlsx to_translate
      checklist translate merge election_day.yaml to_translate/election_day.az.xlsx
      checklist translate pseudo election_day.yaml -o out
    """,
)

_languages = click.option("--lang", "languages", multiple=True, help="A language of the checklist. All, if absent.")


@command.command("extract", short_help="Bring catalogues up to date, or write workbooks.")
@click.argument("file", type=FILE)
@_languages
@click.option("--xlsx", "folder", type=FOLDER, help="Write a workbook a language for translators to this folder.")
def extract_command(file: Path, languages: tuple[str, ...], folder: Path | None) -> None:
    r"""Bring translations/<language>.po beside each file up to date; or write workbooks for translators.

    What is translated stays. A translation whose text has changed is marked as fuzzy, and not used until somebody has
    looked at it; one whose text is gone is set aside.

    \b
    Example:
      checklist translate extract election_day.yaml
      checklist translate extract election_day.yaml --lang az --xlsx to_translate
    """
    from checklist_kit.translation import workbook

    loaded, checklist = _load(file)
    for language in _chosen(checklist, languages):
        catalogues = _catalogues(loaded, checklist, language)
        if folder is None:
            _write_catalogues(catalogues)
            continue
        try:
            data = workbook(loaded.texts, catalogues, file.resolve().parent, checklist.id)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        for path in write_files(folder, {f"{checklist.id}.{language}.xlsx": data}):
            click.echo(path)


@command.command("merge", short_help="Take in what translators handed back.")
@click.argument("file", type=FILE)
@click.argument("returned", nargs=-1, required=True, type=FILE)
def merge_command(file: Path, returned: tuple[Path, ...]) -> None:
    r"""Put what translators handed back, workbooks or catalogues, into translations/<language>.po beside each file.

    A translation that has lost a placeholder, or whose text has changed since, is kept and marked as fuzzy. Exits with
    1 when something could not be taken as it is.

    \b
    Example:
      checklist translate merge election_day.yaml election_day.az.xlsx
    """
    from checklist_kit.protocols import UnreadableFile
    from checklist_kit.translation import merge, read_returned

    sound = True
    for path in returned:
        loaded, checklist = _load(file)
        try:
            lines = read_returned(path)
        except UnreadableFile as error:
            raise click.ClickException(error.message) from error
        (language,) = _chosen(checklist, (lines.language,))
        catalogues = _catalogues(loaded, checklist, language)
        merged = merge(loaded.texts, catalogues, lines, file.resolve().parent)
        for problem in merged.problems:
            place = f"{problem.source}: {problem.place}: "
            click.echo(f"{place}{problem.severity}: {problem.message} [{problem.code}]", err=True)
        _write_catalogues(catalogues)
        click.echo(
            f"{language}: {merged.taken} taken, {merged.same} there already, {merged.blank} blank, "
            f"{merged.waiting} to be looked at"
        )
        sound = sound and not merged.waiting and not any(problem.aside for problem in merged.problems)
    if not sound:
        raise click.exceptions.Exit(1)


@command.command("status", short_help="Say how much is translated.")
@click.argument("file", type=FILE)
@_languages
@click.option(
    "--require", type=click.FloatRange(0, 100), help="Exit with 1 when a language has less than this percent."
)
def status_command(file: Path, languages: tuple[str, ...], require: float | None) -> None:
    r"""Say how much of a checklist, with all files that it includes, is translated.

    \b
    Example:
      checklist translate status election_day.yaml
      checklist translate status election_day.yaml --lang az --require 100
    """
    from checklist_kit.translation import coverage

    loaded, checklist = _load(file)
    short = False
    for language in _chosen(checklist, languages):
        found = coverage(loaded.texts, language)
        there = found.texts - len(found.missing)
        click.echo(f"{language}: {there} of {found.texts} texts, {found.percent:g}%")
        for text in found.missing[:_MOST_SHOWN]:
            click.echo(f"  {text.span}: {text.path}")
        if len(found.missing) > _MOST_SHOWN:
            click.echo(f"  … and {len(found.missing) - _MOST_SHOWN} more")
        short = short or (require is not None and found.percent < require)
    if short:
        raise click.exceptions.Exit(1)


@command.command("pseudo", short_help="Build forms in a made-up language.")
@click.argument("file", type=FILE)
@click.option("-o", "--output", required=True, type=FOLDER, help="The folder to write to.")
@click.option("-t", "--target", "names", multiple=True, help="What to make, as with `build`. Everything, if absent.")
@click.option("--lang", "like", help="Take the texts of this language, and make up only those that it lacks.")
def pseudo_command(file: Path, output: Path, names: tuple[str, ...], like: str | None) -> None:
    r"""Build the forms in a language made up of [brackets], marked letters and texts that are a third longer.

    What shows no brackets cannot be translated; what runs over will do so in a longer language, and is told here. With
    --lang, brackets show what is not translated yet.

    \b
    Example:
      checklist translate pseudo election_day.yaml -o pseudo -t paper
      checklist translate pseudo election_day.yaml -o pseudo --lang az
    """
    from checklist_kit.cli.build import known, make
    from checklist_kit.registry import targets
    from checklist_kit.translation import pseudo_language

    known(names, list(targets()))
    loaded, checklist = _load(file)
    if like is not None:
        _chosen(checklist, (like,))
    invented = pseudo_language(like)
    strange, longer = _load(file, invented)
    files: dict[str, bytes] = {}
    usual_files: dict[str, bytes] = {}
    before, after = set(loaded.findings), list(strange.findings)
    for name in names or tuple(targets()):
        artifact = make(longer, name, (invented.language,), chosen=bool(names))
        usual = make(checklist, name, (checklist.default_language,), chosen=bool(names))
        if artifact is not None and usual is not None:
            files |= artifact.files
            usual_files |= usual.files
            after += artifact.losses
            before |= set(usual.losses)
    for path in write_files(output, files):
        click.echo(path)
    if pages := _pages(files):
        click.echo(f"{pages} pages on paper, {_pages(usual_files)} in `{checklist.default_language}`")
    for finding in dict.fromkeys(after):
        if finding not in before:
            click.echo(f"{finding.span or ''}: {finding.severity}: {finding.message} [{finding.code}]", err=True)


def _pages(files: Mapping[str, bytes]) -> int:
    """How many pages the printed forms among some files have, by their layouts."""
    return sum(len(json.loads(data)["pages"]) for name, data in files.items() if name.endswith(".layout.json"))


def _load(file: Path, invented: Invented | None = None) -> tuple[Loaded, Checklist]:
    from checklist_kit.api import examine
    from checklist_kit.cli.shared import sound_or_exit

    loaded = examine(file, invented, texts=True)
    return loaded, sound_or_exit(loaded)


def _chosen(checklist: Checklist, languages: tuple[str, ...]) -> list[str]:
    """The languages asked for, which the checklist must have; else all that are translated into."""
    from checklist_kit.diagnostics import did_you_mean

    for language in languages:
        if language not in checklist.languages:
            help_ = did_you_mean(language, checklist.languages) or f"it has {', '.join(checklist.languages)}"
            raise click.UsageError(f"the checklist has no language `{language}`; {help_}")
    return list(languages or (one for one in checklist.languages if one != checklist.default_language))


def _catalogues(loaded: Loaded, checklist: Checklist, language: str) -> Catalogues:
    from checklist_kit.translation import extract

    return extract(loaded.texts, language, checklist.default_language)


def _write_catalogues(catalogues: Catalogues) -> None:
    for path, data in catalogues.files():
        for written in write_files(path.parent, {path.name: data}):
            click.echo(written)
