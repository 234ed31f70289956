"""Write the synthetic responses of this example: `python examples/az_2024/generate.py [DIR]`.

DIR is `responses/` beside this file unless it is given. Every run writes the same files. Before it writes, it computes
all indicators from the answers, and stops where one does not round to the statement's percentage.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

import checklist_kit as ck
from checklist_kit.logic.evaluate import Context, Value, condition, evaluate
from checklist_kit.model import Calculate, Checklist, SelectMultiple, Time

HERE = Path(__file__).parent
CHECKLIST = HERE.parents[1] / "checklists" / "az_2024_presidential" / "election_day.yaml"
SEED = 20240207
STATIONS, INFLATED = 105, 11
STATIONS_PER_REGION = 9
WEB_BUNDLES = 3
FIRST_ROW = 5
BAKU = datetime.timezone(datetime.timedelta(hours=4))
FIXED = datetime.datetime(2024, 2, 8, 12, 0, 0)

sys.path.insert(0, str(HERE))
from imperfections import WORKBOOK_SLIPS, Slip, spoil_web, spoil_workbook  # noqa: E402  # the modules beside this script
from stations import Station, election_day  # noqa: E402
from surroundings import write_deployment, write_frame  # noqa: E402


def percentages() -> dict[str, int]:
    """Return the figures of the statement by indicator, in percent; an indicator without a figure is left out."""
    with (HERE / "statement.csv").open(encoding="utf-8", newline="") as file:
        return {row["indicator"]: int(row["percent"]) for row in csv.DictReader(file) if row["percent"]}


# Shares


def context(checklist: Checklist, station: Station) -> Context:
    """Return the answers as expressions see them, calculations included."""
    known: dict[str, Value | None] = dict(station.answers)
    seen = Context(known, {"candidate_votes": [{"votes": number} for number in station.votes.values()]})
    for entry in checklist.questions:
        if isinstance(entry.item, Time) and isinstance(value := known.get(entry.item.name), str):
            known[entry.item.name] = datetime.time.fromisoformat(value)
        if isinstance(entry.item, Calculate) and (entry.relevance is None or condition(entry.relevance, seen)):
            known[entry.item.name] = evaluate(entry.item.calculation.tree, seen)
    return seen


def shares(checklist: Checklist, stations: Sequence[Station]) -> dict[str, tuple[int, int]]:
    """Return the hits and the base of every indicator."""
    contexts = [context(checklist, station) for station in stations]
    found = {}
    for indicator in checklist.shares:
        counted = [condition(indicator.when.condition, c) for c in contexts]
        among = indicator.among.condition if indicator.among is not None else None
        base = [
            hit
            for hit, c in zip(counted, contexts, strict=True)
            if (hit is not None if among is None else condition(among, c))
        ]
        found[indicator.name] = (sum(hit is True for hit in base), len(base))
    return found


def verify(checklist: Checklist, stations: Sequence[Station], figures: Mapping[str, int]) -> None:
    """Print every share, and stop where one does not round to the statement's figure."""
    for name, (hits, base) in shares(checklist, stations).items():
        share, figure = 100 * hits / base, figures.get(name)
        print(f"{name:24}{hits:4} of {base:3} = {share:5.1f}%   statement: {figure or '–'}")
        if figure is not None and round(share) != figure:
            raise SystemExit(f"{name}: {hits} of {base} does not round to {figure}%")


# Web


def web_data(checklist: Checklist, station: Station) -> dict[str, object]:
    """Return the answers in form order as a web form sends them."""
    data: dict[str, object] = {}
    for entry in checklist.entries:
        name, value = entry.item.name, station.answers.get(entry.item.name)
        if name == "candidate_votes" and station.votes:
            data[name] = [{"_instance": code, "votes": number} for code, number in station.votes.items()]
        elif isinstance(entry.item, SelectMultiple) and isinstance(value, set):
            data[name] = [code for code in entry.item.choices.codes if code in value]
        elif value is not None:
            data[name] = value
    return data


def write_web(checklist: Checklist, stations: Sequence[Station], folder: Path, rng: random.Random) -> None:
    """Write the bundles: JSON lines, each an envelope around one form."""
    envelopes = []
    for number, station in enumerate(stations, 1):
        sent = datetime.datetime(2024, 2, 7, 20, 30, tzinfo=BAKU) + datetime.timedelta(minutes=rng.randrange(300))
        envelopes.append(
            {
                "id": f"web-{number:03}",
                "received_at": sent.isoformat(),
                "version": checklist.version,
                "data": web_data(checklist, station),
            }
        )
    spoil_web(envelopes)
    folder.mkdir(parents=True, exist_ok=True)
    for bundle in range(WEB_BUNDLES):
        lines = [json.dumps(envelope, ensure_ascii=False) for envelope in envelopes[bundle::WEB_BUNDLES]]
        (folder / f"bundle_{bundle + 1}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


# Workbooks


def cells(checklist: Checklist, station: Station) -> Iterator[tuple[str, str | int | datetime.time]]:
    """Yield the answers by column: a select_multiple has one a choice, and spreadsheets have a type for times."""
    for entry in checklist.questions:
        name, value = entry.item.name, station.answers.get(entry.item.name)
        if isinstance(entry.item, SelectMultiple) and isinstance(value, set):
            yield from ((f"{name}.{code}", int(code in value)) for code in entry.item.choices.codes)
        elif isinstance(entry.item, Time) and isinstance(value, str):
            yield name, datetime.time.fromisoformat(value)
        elif isinstance(value, str | int):
            yield name, int(value) if isinstance(value, bool) else value


def columns(sheet: Worksheet) -> dict[str, int]:
    """Return the column numbers of a sheet by the ids in its first row."""
    return {str(cell.value): cell.column for cell in sheet[1] if cell.value is not None}


def fill(checklist: Checklist, template: bytes, stations: Sequence[Station], first: int, slip: Slip) -> bytes:
    """Return the workbook with one row a station and, on the sheet of the repeat, one row a candidate."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    main, votes = book["Responses"], book["candidate_votes"]
    column, vote_column = columns(main), columns(votes)
    vote_row = FIRST_ROW
    for row, station in enumerate(stations, FIRST_ROW):
        identifier = f"workbook-{first + row - FIRST_ROW:03}"
        main.cell(row, column["submission_id"], identifier)
        for name, value in cells(checklist, station):
            main.cell(row, column[name], value)
        for code, number in station.votes.items():
            for name, value in (("submission_id", identifier), ("instance", code), ("votes", number)):
                votes.cell(vote_row, vote_column[name], value)
            vote_row += 1
    spoil_workbook(main, column, FIRST_ROW, slip)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook with a fixed time of writing, in the zip and in the properties."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    book.save(raw)
    stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            target.writestr(zipfile.ZipInfo(name, FIXED.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def write_workbooks(checklist: Checklist, stations: Sequence[Station], folder: Path) -> None:
    """Write one filled workbook a region."""
    artifact = ck.build(checklist, "workbook")
    template = next(content for name, content in artifact.files.items() if name.endswith(".xlsx"))
    folder.mkdir(parents=True, exist_ok=True)
    for region, slip in enumerate(WORKBOOK_SLIPS):
        first = region * STATIONS_PER_REGION
        content = fill(checklist, template, stations[first : first + STATIONS_PER_REGION], first + 1, slip)
        (folder / f"region_{region + 1}.xlsx").write_bytes(content)


def main(folder: Path) -> None:
    """Make the stations, check them against the statement, and write them."""
    checklist, figures, rng = ck.load(CHECKLIST), percentages(), random.Random(SEED)
    stations = election_day(rng, figures, checklist.choices["candidates"].codes, count=STATIONS, inflated=INFLATED)
    verify(checklist, stations, figures)
    by_workbook = len(WORKBOOK_SLIPS) * STATIONS_PER_REGION
    write_workbooks(checklist, stations[:by_workbook], folder / "workbooks")
    write_web(checklist, stations[by_workbook:], folder / "web", rng)
    write_frame(folder.parent / "stations.csv", stations)
    write_deployment(folder.parent / "deployment.csv", stations)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "responses")
