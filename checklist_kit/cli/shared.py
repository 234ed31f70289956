"""What several commands do alike: loading a definition, saying what was found, writing files."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from signal import SIG_IGN, SIGINT
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from checklist_kit.analysis.frame import FrameError
    from checklist_kit.analysis.response import Response
    from checklist_kit.diagnostics import Diagnostic
    from checklist_kit.model import Checklist
    from checklist_kit.source import Loaded

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d %H:%M%z"]
"""How a time may be written; without a zone it is local."""

_OVERDUE_SHOWN = 10


def load_or_exit(path: Path) -> Checklist:
    """Return a checklist that can be used; else show every finding and exit with 1."""
    from checklist_kit.api import examine

    return sound_or_exit(examine(path))


def sound_or_exit(loaded: Loaded) -> Checklist:
    """Return the checklist of what was loaded; show every error and exit with 1 where there is one."""
    from checklist_kit.diagnostics import as_text

    errors = [finding for finding in loaded.findings if finding.is_error]
    if errors or loaded.checklist is None:
        click.echo(as_text(errors, lambda name: loaded.lines.get(name, [])), err=True)
        click.echo(count(loaded.findings), err=True)
        raise click.exceptions.Exit(1)
    return loaded.checklist


def count(findings: Iterable[Diagnostic]) -> str:
    """Return such as `2 errors, 1 warning`, or `no findings`."""
    numbers: dict[str, int] = {"error": 0, "warning": 0, "info": 0}
    for finding in findings:
        numbers[finding.severity] += 1
    plural = {"error": "errors", "warning": "warnings", "info": "notes"}
    singular = {"error": "error", "warning": "warning", "info": "note"}
    parts = [
        f"{number} {singular[name] if number == 1 else plural[name]}" for name, number in numbers.items() if number
    ]
    return ", ".join(parts) or "no findings"


def refuse_frame(error: FrameError, *tables: Path | None) -> NoReturn:
    """Show what is wrong with a frame, or another table beside the reports, at its places, and exit with 1."""
    from checklist_kit.analysis.frame import lines_of
    from checklist_kit.diagnostics import as_text

    by_name = {str(table): table for table in tables if table is not None}
    click.echo(as_text(error.diagnostics, lambda name: lines_of(by_name[name]) if name in by_name else ()), err=True)
    click.echo(count(error.diagnostics), err=True)
    raise click.exceptions.Exit(1)


def tell_response(response: Response) -> None:
    """Say how many units have reported, and who is overdue."""
    for row in response.table[response.table["group"] == ""].to_dict("records"):
        if row["complete"] is not None and row["complete"] == row["complete"]:
            came = row["complete"] + row["partial"] + row["break_off"]
            click.echo(f"{row['report']}: {came} of {row['units']} units have reported, {row['overdue']} are overdue")
    overdue = response.overdue
    for report, units in overdue.groupby("report", sort=False):
        names = ", ".join(_with_observers(row) for row in units.head(_OVERDUE_SHOWN).to_dict("records"))
        more = f" and {len(units) - _OVERDUE_SHOWN} more" if len(units) > _OVERDUE_SHOWN else ""
        click.echo(f"overdue with {report}: {names}{more}: see dispositions.csv")


def tell_notes(notes: Iterable[Diagnostic]) -> None:
    """Say what is odd, beside what a command prints."""
    for note in notes:
        click.echo(f"{note.severity}: {note.message} [{note.code}]\n  help: {note.help}", err=True)


def _with_observers(row: dict[Any, Any]) -> str:
    return f"{row['unit']} ({row['observers']})" if row["observers"] else str(row["unit"])


@contextmanager
def executor(workers: int, address: str | None) -> Iterator[Executor | None]:
    """Yield what work is spread over: a cluster, processes, or None for this process."""
    if address:
        try:
            from distributed import Client
            from distributed.comm import get_address_host_port
        except ModuleNotFoundError as error:
            raise click.ClickException("--dask needs the extra `dask`: pip install 'checklist_kit[dask]'") from error
        try:
            # A client that finds nobody there complains at length when it is thrown away; so look first.
            socket.create_connection(get_address_host_port(address), timeout=10).close()
            client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError) as error:
            raise click.ClickException(f"there is no Dask scheduler at {address}") from error
        with client, client.get_executor() as running:
            yield running
    elif workers > 1:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        # Spawned, because a forked process would inherit the locks of libraries that run threads.
        with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, (SIGINT, SIG_IGN)) as running:
            yield running  # who presses Ctrl-C means us; workers that stop halfway keep the pool's locks
    else:
        yield None


@contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Say that a folder cannot be written to, and exit with 1, where that is so."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder, each to the side and then renamed, so that none is ever half written."""
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, data) for name, data in files.items()]


def _write(path: Path, data: bytes) -> Path:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path
