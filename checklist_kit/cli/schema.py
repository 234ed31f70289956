"""`checklist schema`."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    r"""Print the JSON schema of checklists, which editors use to complete and to explain.

    \b
    Example:
      checklist schema > checklist.schema.json
    """
    from checklist_kit.source import schema_text

    click.echo(schema_text(), nl=False)
