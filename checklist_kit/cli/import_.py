"""`checklist import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from checklist_kit.cli.shared import FILE, write_files

if TYPE_CHECKING:
    from checklist_kit.protocols import Problem


@click.command("import")
@click.argument("form", type=FILE)
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The YAML file to write."
)
def command(form: Path, output: Path) -> None:
    r"""Make a checklist of an XLSForm: a workbook (.xlsx, .xls), Markdown tables, or CSV.

    Building the checklist again gives the same form back. What is odd about the form is said with its cell. CSV files
    with choices are looked for beside the form, and put beside the checklist.

    \b
    Example:
      checklist import household.xlsx -o household.yaml
      checklist check household.yaml
    """
    from checklist_kit.api import import_form
    from checklist_kit.protocols import UnreadableFile

    try:
        imported = import_form(form)
    except UnreadableFile as unreadable:
        raise click.ClickException(f"{unreadable.message} [{unreadable.code}]") from unreadable
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise click.ClickException(f"cannot open {form}: {reason}") from error
    for problem in imported.problems:
        click.echo(_line(problem), err=True)
    for name, content in imported.files.items():
        beside = output.with_name(name)
        if beside.exists() and beside.read_bytes() != content:
            message = f"{beside} is another file than the one beside the form: choose another folder for the checklist"
            raise click.ClickException(message)
    for path in write_files(output.parent, {output.name: imported.text.encode(), **imported.files}):
        click.echo(path)
    told = (
        f"{imported.expressions} expressions, {imported.xpaths} of them kept as XPath" if imported.expressions else ""
    )
    click.echo(f"{imported.questions} questions, {imported.lists} choice lists{', ' if told else ''}{told}")


def _line(problem: Problem) -> str:
    return f"{problem.source}: {problem.place}: {problem.severity}: {problem.message} [{problem.code}]"
