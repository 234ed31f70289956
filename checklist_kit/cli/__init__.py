"""The command line: one thin module a command, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

# One line a command, so that `checklist --help` needs to load none of them.
_COMMANDS = {
    "new": "Start a project that checks, builds and parses at once.",
    "check": "Find everything that is wrong with checklists.",
    "translate": "Hand texts out for translation, take them in, and say what is missing.",
    "explain": "Say why a diagnostic code matters and what to do.",
    "schema": "Print the JSON schema of checklists, for editors.",
    "import": "Make a checklist of an XLSForm.",
    "build": "Make paper forms, workbooks, web forms and more.",
    "parse": "Read filled forms into tidy tables.",
    "scan": "Read scanned or photographed paper forms.",
    "findings": "Compute the indicators from the tables.",
    "response": "Say who has reported, and who is overdue.",
    "diff": "Compare two versions, and say if responses can be merged.",
    "export": "Write the tables for SPSS, Stata, R, Excel and archives.",
    "sample": "Draw a sample of units that anyone can redo.",
}


def _module(name: str) -> str:
    return "import_" if name == "import" else name  # a word of Python is no name of a module


class _Lazy(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"checklist_kit.cli.{_module(name)}").command
        return _readable(command)

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _readable(command: click.Command) -> click.Command:
    # Docstrings are raw; to click the mark that keeps the lines of an example apart is a control character.
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _readable(inner)
    return command


cli = click.version_option(package_name="checklist_kit", prog_name="checklist")(
    _Lazy(
        help=(
            "Election observation checklists: written once, as YAML; printed, filled in and read back over every "
            "channel.\n\n\b\nExample:\n  checklist new my_election\n  checklist check my_election\n"
            "  checklist build my_election/checklist.yaml -o out"
        ),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
)


def main() -> None:
    """Run the command line. What nobody foresaw is said in one line, without a traceback."""
    try:
        cli(prog_name="checklist")
    except Exception as error:
        click.echo(f"checklist: internal error: {type(error).__name__}: {error}", err=True)
        click.echo(
            "this is a fault of the program: please report it with the command and, if it can be shared, its input",
            err=True,
        )
        sys.exit(70)
