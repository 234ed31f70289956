"""Tables -> a folder of CSV or Parquet files with a data package beside them."""

from __future__ import annotations

import json
from pathlib import Path

from checklist_kit.analysis.datapackage import Resource, data_package, resources
from checklist_kit.analysis.tables import Tables

FORMATS = ("csv", "parquet")


def write(tables: Tables, folder: Path, file_format: str = "csv") -> list[Path]:
    """Write all tables to a folder, which is made where it is not there; return the files.

    `restricted` and `restricted_problems` are only written where they hold something. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = list(resources(tables))
    paths = [folder / f"{resource.name}.{file_format}" for resource in written]
    for resource, path in zip(written, paths, strict=True):
        (_write_csv if file_format == "csv" else _write_parquet)(resource, path)
    package = json.dumps(data_package(tables.checklist, written, file_format), ensure_ascii=False, indent=2)
    paths.append(folder / "datapackage.json")
    paths[-1].write_text(package + "\n", encoding="utf-8", newline="\n")
    return paths


def _write_csv(resource: Resource, path: Path) -> None:
    from checklist_kit.analysis.pieces import csv_of

    with path.open("wb") as file:
        file.writelines(csv_of(resource))


def _write_parquet(resource: Resource, path: Path) -> None:
    from checklist_kit.analysis.pieces import as_parquet

    path.write_bytes(as_parquet(resource))
