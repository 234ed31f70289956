"""What the package does, one function a command: load, check, build, diff, parse, scan, findings."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklist_kit import checks, source, streaming
from checklist_kit.diagnostics import DefinitionError, Diagnostic
from checklist_kit.model import PAPER_FORMATS, Checklist, SelectOne, restricted
from checklist_kit.model.device import device_only
from checklist_kit.protocols import Artifact, Problem, Submission
from checklist_kit.registry import load_scanner, load_target, targets

if TYPE_CHECKING:
    from checklist_kit.analysis.findings import Beside, Findings
    from checklist_kit.analysis.pieces import Summary
    from checklist_kit.analysis.response import Response
    from checklist_kit.analysis.tables import Tables
    from checklist_kit.changes import Comparison
    from checklist_kit.importers import Imported
    from checklist_kit.readers.scan import Scanned

# Targets of which nobody expects that they hide a question.
_WITHOUT_SKIPS = ("codebook", "jsonschema", "paper")


def examine(path: str | Path, invented: source.Invented | None = None, *, texts: bool = False) -> source.Loaded:
    """Load a checklist and run all checks: its findings in order of place, with the lines they point into.

    `invented` is a further language that is made up for it; `texts` asks for all its texts with their translations.
    """
    with streaming.collector_paused():
        return _checked(source.load(path, invented, texts=texts))


def _checked(loaded: source.Loaded) -> source.Loaded:
    findings = list(loaded.findings)
    if loaded.checklist is not None:
        complete = not any(finding.is_error for finding in findings)
        findings += checks.run(loaded.checklist, complete=complete)
        findings = checks.silence(loaded.checklist, findings)
    return dataclasses.replace(loaded, findings=tuple(sorted(findings, key=Diagnostic.sort_key)))


def with_bank(path: str | Path, bank: str | Path) -> Checklist:
    """Return a checklist as it would be with another version of a bank that it includes, to be compared with it.

    `bank` is the file of the other version; the one that it takes the place of has the same `bank` name. Raises
    DefinitionError, and LookupError where the checklist includes no such bank.
    """
    present, name = load(path), source.bank_name(bank)
    replaced = {Path(one.file).resolve() for one in present.banks if one.name == name}
    if not replaced:
        names = ", ".join(one.name for one in present.banks)
        raise LookupError(f"the checklist includes no bank `{name}`; it has {names or 'none with a name'}")
    return _sound(_checked(source.load(path, instead=dict.fromkeys(replaced, Path(bank)))))


def check(path: str | Path) -> list[Diagnostic]:
    """Return everything that is wrong with a checklist, in order of place."""
    return list(examine(path).findings)


def load(path: str | Path) -> Checklist:
    """Return the checklist of a file. Raises DefinitionError with all findings when there is an error among them."""
    return _sound(examine(path))


def _sound(loaded: source.Loaded) -> Checklist:
    if loaded.checklist is None or any(finding.is_error for finding in loaded.findings):
        raise DefinitionError(loaded.findings)
    return loaded.checklist


def import_form(path: str | Path) -> Imported:
    """Return the checklist, as YAML text, that an XLSForm describes, and what is odd about the form.

    Raises UnreadableFile for a file that is no form, is damaged, or is hostile.
    """
    from checklist_kit.importers import import_form as take

    with streaming.collector_paused():
        return take(path)


def build(checklist: Checklist, target: str, languages: Iterable[str] | None = None) -> Artifact:
    """Compile a checklist with a target, in some of its languages (all, its default one first, if None).

    Raises UnknownPlugin, MissingExtra, LookupError for a language that the checklist lacks, and DefinitionError where
    the target cannot express the checklist at all.
    """
    wanted = tuple(languages) if languages is not None else ()
    unknown = [language for language in wanted if language not in checklist.languages]
    if unknown:
        raise LookupError(f"the checklist has no language `{unknown[0]}`; it has {', '.join(checklist.languages)}")
    default = checklist.default_language
    every = (default, *(language for language in checklist.languages if language != default))
    shown = checklist if target == "codebook" else restricted.with_words(checklist)
    artifact = load_target(target).build(shown, wanted or every)
    lost = () if targets()[target].device else device_only(checklist)
    everywhere = () if target in _WITHOUT_SKIPS else restricted.losses(checklist)
    return Artifact(artifact.files, (*artifact.losses, *lost, *everywhere))


def for_role(path: str | Path, role: str) -> Checklist:
    """Return a checklist as observers of a role are to see it: without the items that are for other roles.

    Its title names the role, and the question for the role offers nothing else. Responses are read by the whole
    checklist. Raises DefinitionError, and LookupError where the checklist has no such role.
    """
    whole = load(path)
    entry = whole.by_name.get(whole.role or "")
    roles = entry.item.choices if entry is not None and isinstance(entry.item, SelectOne) else None
    if roles is None or role not in roles.codes:
        known = ", ".join(roles.codes) if roles is not None else "none"
        raise LookupError(f"the checklist has no role `{role}`; it has {known}")
    form = _sound(source.load(path, role=role))
    faults = list(checks.lacking(form))
    if faults:
        raise DefinitionError(faults)
    words = {code: f"{form.text(form.title, code)} · {form.text(roles[role].label, code)}" for code in form.languages}
    return dataclasses.replace(form, title=words)


def printed(
    checklist: Checklist,
    *,
    formats: Iterable[str] | None = None,
    copies: int | str | Path | None = None,
    serial_from: int = 1,
) -> Checklist:
    """Return a checklist that is printed otherwise: in other formats, or as numbered copies.

    `copies` are so many, or one for each unit of a frame: a CSV file with one row a unit, whose ids stand in the column
    named as the checklist's unit, else in the first one; they are printed where the form asks for the unit.
    Raises LookupError for an unknown format, FrameError for a frame that cannot be used.
    """
    paper = checklist.paper
    if formats is not None:
        paper = replace(paper, formats=tuple(dict.fromkeys(formats)))
        unknown = [name for name in paper.formats if name not in PAPER_FORMATS]
        if unknown:
            raise LookupError(f"there is no paper format `{unknown[0]}`; there are {', '.join(PAPER_FORMATS)}")
    if copies is not None:
        units = ("",) * copies if isinstance(copies, int) else _units(checklist, Path(copies))
        paper = replace(paper, copies=units, serial_from=serial_from)
    return replace(checklist, paper=paper)


def _units(checklist: Checklist, frame: Path) -> tuple[str, ...]:
    from checklist_kit.analysis.frame import read_frame
    from checklist_kit.analysis.placing import read_sample

    return (read_sample(checklist, frame).frame if checklist.unit else read_frame(frame)).units


def diff(old: Checklist, new: Checklist) -> Comparison:
    """Compare two versions of a checklist: what differs, and whether the newer one can read responses of the older."""
    from checklist_kit.changes import compare

    return compare(old, new)


def read(
    checklist: Checklist, paths: Iterable[str | Path], *, key: bytes | None = None
) -> Iterator[Submission | Problem]:
    """Yield what files hold, each by the reader that recognises it. A file that cannot be read becomes one problem.

    `key` is the private key of an encrypted form, as PEM.
    """
    return chain.from_iterable(streaming.read(checklist, Path(path), key) for path in paths)


def files_in(path: str | Path) -> list[Path]:
    """Return a file itself; of a folder all files inside but hidden ones and the lock files of office programs."""
    path = Path(path)
    inside = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [each for each in inside if each.is_file() and (each == path or not each.name.startswith((".", "~$")))]


def parse(
    checklist: Checklist,
    paths: Iterable[str | Path],
    *,
    today: datetime.date | None = None,
    frame: str | Path | None = None,
    key: bytes | None = None,
    progress: Callable[[int], None] | None = None,
) -> Tables:
    """Return the tidy tables of responses, of whatever channel each file is.

    `today` is the day that `today()` means where a response does not carry its own; the present day, if None.
    `frame` is the CSV of all units, which tells where a question with `applies` does not apply. `key` is the private
    key of an encrypted form, as PEM; what it opens stays in memory. `progress` is told how many
    submissions were read so far.
    """
    from checklist_kit.analysis import tabulate
    from checklist_kit.analysis.units import read_units

    units = read_units(checklist, Path(frame)) if frame is not None else None
    stream = chain.from_iterable(streaming.read_batches(checklist, Path(path), key=key) for path in paths)
    with streaming.collector_paused():
        return tabulate(checklist, stream, today=today, units=units, progress=progress)


def parse_into(
    checklist: Checklist,
    paths: Iterable[str | Path],
    folder: str | Path,
    *,
    executor: Executor | None = None,
    progress: Callable[[int, int, int], None] | None = None,
    frame: str | Path | None = None,
    **how: Any,
) -> tuple[list[Path], Summary]:
    """Write the tables of `parse` into a folder, with no more memory than a part of the files takes.

    Return the paths of the tables, and their ledger and problems in numbers. At any moment the folder holds the old
    tables or the new ones. Files that were read into its tables before, by the same checklist, are not read again; a
    run that was ended goes on where it stopped. Parts are read on `executor`, here if None. `progress` is told how many
    submissions there are, and how many bytes of how many were read. `frame` is as in `parse`; the options are those of
    `streaming.Reading`. Raises OSError, and FrameError for a frame that cannot be used.
    """
    from checklist_kit.analysis.units import read_units

    units = read_units(checklist, Path(frame)) if frame is not None else None
    return streaming.stream(
        streaming.Reading(checklist, units=units, **how),
        [Path(path) for path in paths],
        Path(folder),
        executor,
        progress or (lambda *_: None),
    )


def scan(
    checklist: Checklist,
    paths: Iterable[str | Path],
    *,
    forms: str | Path | None = None,
    today: datetime.date | None = None,
    **options: Any,
) -> tuple[Tables, Scanned]:
    """Return the tidy tables of filled paper forms, and what became of each page.

    Where the marks are is worked out of the checklist, which prints the same form again; `forms` is a folder with the
    forms that were printed, as `build` wrote them, where these are others: of other versions, languages or formats.
    The options are those of `readers.scan.scan`. Raises MissingExtra, and UnreadableFile where `forms` holds no form
    of this checklist.
    """
    tables, found = scan_several([checklist], paths, forms=forms, today=today, **options)
    return tables[checklist.id], found


def scan_several(
    checklists: Sequence[Checklist],
    paths: Iterable[str | Path],
    *,
    forms: str | Path | None = None,
    today: datetime.date | None = None,
    **options: Any,
) -> tuple[dict[str, Tables], Scanned]:
    """Return what `scan` does of pages of several checklists: the tables by checklist id, and what became of each page.

    Each page goes to the checklist that it says it is of. Of a checklist that has no form in the folder `forms`, the
    form is printed again. Raises UnreadableFile where the folder holds a form of none of them, and ValueError where two
    checklists have one id.
    """
    from checklist_kit.analysis import tabulate
    from checklist_kit.paperwork import printed_forms

    if len({checklist.id for checklist in checklists}) < len(checklists):
        raise ValueError("two of the checklists have one id")
    known = printed_forms(checklists, Path(forms) if forms is not None else None)
    found: Scanned = load_scanner().scan(known, [Path(path) for path in paths], **options)
    return {each.id: tabulate(each, found.by_checklist[each.id], today=today) for each in checklists}, found


def findings(
    checklist: Checklist,
    tables: Tables | str | Path,
    *,
    frame: str | Path | None = None,
    by: Iterable[str] = (),
    draw: str | Path | None = None,
    beside: Mapping[str, Any] | None = None,
    **options: Any,
) -> Findings:
    """Return the indicators computed from tables, from a folder that they were written to, or from one of responses.

    `frame` is the CSV of all units that the reports are a sample of; `by` are its columns whose values make strata, and
    `draw` is the `draw.json` of the sample, which has them. `beside` may hold `deployment`, the CSV of who was sent
    where; `forms`, the tables of other forms by name; and `at`, the time at which reports are or are not due, local
    where it has no zone. The options are those of `analysis.findings.findings`. Raises UnreadableFile when the folder
    does not hold tables, FrameError for a frame that cannot be used, and ValueError for options that do not go
    together.
    """
    from checklist_kit.analysis.findings import findings as find
    from checklist_kit.analysis.placing import read_sample

    if frame is None and (by or draw is not None):
        raise ValueError("strata and a draw need the frame")
    record = Path(draw) if draw is not None else None
    sample = read_sample(checklist, Path(frame), tuple(by), record) if frame is not None else None
    around = _beside(checklist, **(beside or {}))
    return find(checklist, _tables_of(checklist, tables), sample=sample, beside=around, **options)


def _tables_of(checklist: Checklist, given: Tables | str | Path) -> Tables | Path:
    """Return tables as they are, or read the responses in a folder that holds no tables."""
    from checklist_kit.analysis.output import recover
    from checklist_kit.analysis.reload import has_tables

    if not isinstance(given, str | Path):
        return given
    recover(Path(given))
    files = [] if has_tables(Path(given)) else files_in(given)
    return parse(checklist, files) if files else Path(given)


def _beside(
    checklist: Checklist,
    deployment: str | Path | None = None,
    forms: Mapping[str, Tables | str | Path] | None = None,
    at: datetime.datetime | None = None,
) -> Beside:
    from checklist_kit.analysis.deployment import read_deployment
    from checklist_kit.analysis.findings import Beside

    if deployment is not None and checklist.unit is None:
        raise ValueError("the checklist names no `unit`, so nobody can tell which units have reported")
    sent = read_deployment(Path(deployment), checklist.unit or "") if deployment is not None else None
    unknown = [name for name in forms or {} if name not in checklist.forms]
    if unknown:
        raise ValueError(f"the checklist has no form `{unknown[0]}` under `forms`")
    others = {name: _tables_of(checklist.forms[name].checklist, given) for name, given in (forms or {}).items()}
    return Beside(sent, others, at.astimezone() if at is not None else None)


def response(
    checklist: Checklist,
    tables: Tables | str | Path,
    deployment: str | Path,
    *,
    at: datetime.datetime | None = None,
    frame: str | Path | None = None,
    by: Iterable[str] = (),
) -> Response:
    """Return who has reported of those who were deployed, as it stands `at` a time: now, if None.

    A time without a zone is local. `by` are columns of the frame that make groups. Raises UnreadableFile, FrameError
    and ValueError as `findings` does.
    """
    from checklist_kit.analysis.placing import read_sample
    from checklist_kit.analysis.reload import source_of
    from checklist_kit.analysis.response import respond

    if frame is None and by:
        raise ValueError("groups need the frame")
    around = _beside(checklist, deployment, at=at or datetime.datetime.now())
    assert around.deployment is not None
    assert around.at is not None
    source = source_of(_tables_of(checklist, tables))
    units = read_sample(checklist, Path(frame)).frame if frame is not None else None
    return respond(checklist, source, around.deployment, around.at, units, list(by))
