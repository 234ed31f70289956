"""Random checklists whose choice lists stand in CSV files."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from hypothesis.strategies import SearchStrategy

import checklist_kit as ck
from checklist_kit.model import Checklist
from tests.strategies.checklists import as_yaml, documents


def checklists_with_files() -> SearchStrategy[Checklist]:
    """Checklists without errors, as loaded, with each shared list in a file and one plain label a choice."""
    return documents().map(_moved)


def _moved(document: dict[str, Any]) -> Checklist:
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, choices in document["choices"].items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(["code", "label", "missing", "exclusive", "place"])
                writer.writerows(_row(number, code, choice) for number, (code, choice) in enumerate(choices.items()))
            files[name] = {"file": f"{name}.csv"}
        path = Path(folder) / "checklist.yaml"
        path.write_text(as_yaml({**document, "choices": files}), encoding="utf-8")
        return ck.load(path)


def _row(number: int, code: str, choice: Any) -> list[str]:
    told = choice if isinstance(choice, dict) else {}
    exclusive = "yes" if told.get("exclusive") is True else ""
    place = told.get("attributes", {}).get("place", "")
    return [code, f"Choice {number}", told.get("missing", ""), exclusive, place]
