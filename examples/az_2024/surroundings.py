"""The made-up list of all stations, and who was sent to which: what a group has beside the reports."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from pathlib import Path

from stations import Station

CONSTITUENCIES, STATIONS_EACH = range(901, 961), range(1, 41)
REGIONS = ("Capital", "North", "South", "West", "Centre")
SILENT, WITHDRAWN = 12, 24
SEED = 7


def region_of(constituency: int) -> str:
    """Twelve constituencies make a region."""
    return REGIONS[(constituency - CONSTITUENCIES[0]) // 12]


def write_frame(path: Path, stations: Sequence[Station]) -> None:
    """Write all stations with their regions and registered voters, those of the reports a little off."""
    rng = random.Random(SEED)
    reported = {station.code: station.answers["registered"] for station in stations}
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["station", "region", "registered"])
        for constituency in CONSTITUENCIES:
            for number in STATIONS_EACH:
                code = f"{constituency}/{number}"
                known = reported.get(code)
                voters = known if isinstance(known, int) and known < 9000 else rng.randint(260, 1480)
                table.writerow([code, region_of(constituency), round(voters * rng.uniform(0.97, 1.03))])


def write_deployment(path: Path, stations: Sequence[Station]) -> None:
    """Write who was sent where: those who reported, some of whom nothing was heard, and some who gave up before."""
    rng = random.Random(SEED)
    taken = {station.code for station in stations}
    free = [f"{c}/{n}" for c in CONSTITUENCIES for n in STATIONS_EACH if f"{c}/{n}" not in taken]
    codes = sorted({f"SY{number}" for number in range(100, 1000)} - {station.observer for station in stations})
    others = list(zip(rng.sample(free, SILENT + WITHDRAWN), rng.sample(codes, SILENT + WITHDRAWN), strict=True))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["station", "observer", "status"])
        for station in stations:
            table.writerow([station.code, station.observer, status_of(station)])
        for at, (code, observer) in enumerate(others):
            table.writerow([code, observer, "deployed" if at < SILENT else "withdrawn"])


def status_of(station: Station) -> str:
    """What became of the observer, as the answers have it."""
    acts = station.answers["obstruction"]
    if station.answers["admitted"] == "turned_away":
        return "refused"
    return "expelled" if isinstance(acts, set) and "expelled" in acts else "deployed"
