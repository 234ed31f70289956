"""Write the reference pages from the code: `make docs`. A test fails when a page and the code disagree."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from checklist_kit import api
from checklist_kit.cli import cli
from checklist_kit.diagnostics import CODES
from checklist_kit.source import schema_text
from docs import features

HERE = Path(__file__).parent / "reference"


def commands() -> str:
    """The command line, as `--help` shows it."""
    parts = ["# Commands\n"]
    context = click.Context(cli, info_name="checklist", **cli.context_settings)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        parts += _help(command, f"checklist {name}", click.Context(command, info_name=name, parent=context))
    return "\n".join(parts)


def _help(command: click.Command, words: str, context: click.Context) -> Iterator[str]:
    context.max_content_width = 100
    yield f"## {words}\n\n```text\n{command.get_help(context)}\n```\n"
    for name, inner in command.commands.items() if isinstance(command, click.Group) else ():
        yield from _help(inner, f"{words} {name}", click.Context(inner, info_name=name, parent=context))


def codes() -> str:
    """The diagnostic codes, by family."""
    parts = ["# Diagnostic codes\n\n`checklist explain CODE` prints the same on a terminal.\n"]
    family = ""
    for code in sorted(CODES.values(), key=lambda code: (code.family, code.code)):
        if code.family != family:
            family = code.family
            parts.append(f"## {family}\n")
        parts.append(f"### {code.code}\n\n*{code.severity}.* **{code.title}.** {' '.join(code.why.split())}\n")
        for title, example in (("Bad", code.bad), ("Good", code.good)):
            if example:
                parts.append(f"{title}:\n\n```{'text' if code.type else 'yaml'}\n{example.strip()}\n```\n")
    return "\n".join(parts)


def keys() -> str:
    """The keys of a checklist, from the JSON schema."""
    schema = json.loads(schema_text())
    parts = ["# Keys of a checklist\n\n`checklist schema` prints the JSON schema that this page is made from.\n"]
    definitions = schema["$defs"]
    for title, node in (
        ("Checklist", schema),
        ("Item", definitions["fields"]),
        ("Indicator", definitions["indicator"]),
        ("Check", definitions["check"]),
        ("Report", definitions["report"]),
        ("Bank of items", definitions["bank"]),
    ):
        parts.append(f"## {title}\n\n| key | meaning |\n| --- | --- |\n" + "\n".join(_key_rows(node)) + "\n")
    parts.append("## Item types\n\n" + definitions["fields"]["properties"]["type"]["markdownDescription"] + "\n")
    parts.append(
        "## Which keys a type has\n\n| type | keys |\n| --- | --- |\n"
        + "\n".join(_type_rows(definitions["item"]))
        + "\n"
    )
    return "\n".join(parts)


def _key_rows(node: dict[str, Any]) -> Iterator[str]:
    required = node.get("required", [])
    for key, value in node["properties"].items():
        yield f"| `{key}`{' (required)' if key in required else ''} | {value.get('description', '')} |"


def _type_rows(item: dict[str, Any]) -> Iterator[str]:
    for rule in item["allOf"]:
        wanted, then = rule["if"]["properties"]["type"], rule["then"]
        kinds = ", ".join(f"`{kind}`" for kind in wanted.get("enum", [wanted.get("const")]))
        names = ", ".join(
            f"**`{key}`**" if key in then.get("required", ()) else f"`{key}`" for key in then["propertyNames"]["enum"]
        )
        yield f"| {kinds} | {names} |"


def python() -> str:
    """The Python functions, with their docstrings."""
    parts = [
        "# Python\n\nThe functions of `checklist_kit.api`; the most common ones are those of `checklist_kit` itself.\n"
    ]
    functions = inspect.getmembers(api, lambda found: inspect.isfunction(found) and found.__module__ == api.__name__)
    for name, function in functions:
        if not name.startswith("_"):
            signature = f"{name}{inspect.signature(function)}".replace("'", "")
            parts.append(f"## {name}\n\n```python\n{signature}\n```\n\n{inspect.getdoc(function)}\n")
    return "\n".join(parts)


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "codes.md": codes,
    "keys.md": keys,
    "python.md": python,
    "targets.md": features.table,
}


def main() -> None:
    """Write all pages."""
    HERE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
        print(HERE / name)


if __name__ == "__main__":
    main()
