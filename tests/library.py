"""The checklists that come with the project: every YAML file that begins one, in the library and in the examples."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def _checklists(folder: str) -> list[Path]:
    texts = ((path, path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).rglob("*.yaml")))
    return [path for path, text in texts if any(line.startswith("checklist:") for line in text.splitlines())]


LIBRARY = _checklists("checklists")
EXAMPLES = _checklists("examples")


def name_of(path: Path) -> str:
    """Return what a test of a checklist is called: its folder and file."""
    return f"{path.parent.name}-{path.stem}"
