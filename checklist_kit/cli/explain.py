"""`checklist explain`."""

from __future__ import annotations

import textwrap

import click


@click.command("explain")
@click.argument("code")
def command(code: str) -> None:
    r"""Say why a diagnostic code matters, with a bad and a good example.

    \b
    Example:
      checklist explain name-duplicate
    """
    from checklist_kit.diagnostics import CODES, did_you_mean

    found = CODES.get(code)
    if found is None:
        raise click.UsageError(
            f"there is no code `{code}`; {did_you_mean(code, CODES) or 'a code stands in brackets after a finding'}"
        )
    click.echo(f"{found.code} ({found.severity}): {found.title}\n")
    click.echo(textwrap.fill(" ".join(found.why.split()), 88))
    for title, example in (("bad", found.bad), ("good", found.good)):
        if example:
            click.echo(f"\n{title}:\n\n{textwrap.indent(example.strip(), '    ')}")
