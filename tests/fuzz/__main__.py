"""`python -m tests.fuzz --runs 1000000`: search for an input that breaks something, guided by what code it reaches.

It begins with pieces of the mistakes in tests/cases, and ends at the first input that raises, which it writes to a
file; `python -m tests.fuzz FILE` reads that input again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["checklist_kit"]):
    from tests.fuzz.inputs import CHECKLIST, EXPRESSION, YAML, Reader

_MEMORY = Path("/dev/shm")
_MISTAKES = Path(__file__).parents[1] / "cases" / "mistakes"
_LOGIC_KEYS = ("relevant:", "constraint:", "calculation:", "when:", "among:")
_HEAD = "checklist: day\nversion: '1'\ntitle: {en: Day, az: Gün}\nlanguages: {en: English, az: Azərbaycanca}\n"
_LISTS = {
    "yes_no": "yes_no: {yes: {en: 'Yes', az: Bəli}, no: {en: 'No', az: Xeyr}}",
    "problems": "problems: {ink: {en: Ink, az: Mürəkkəb}, none: {label: {en: None, az: Yox}, exclusive: true}}",
    "parties": "parties: {file: parties.csv}",
}
_WORDS = (
    *(
        "and",
        "or",
        "not",
        "in",
        "has",
        "is blank",
        "is answered",
        "sum(",
        "count(",
        "days(",
        "if(",
        "coalesce(",
        "today()",
    ),
    *("'yes'", "'2024-02-07'", "'08:00'", "rep.f", "day", "clock", "truth", "words", "photo", "<=", "!=", "${a}"),
    *(
        "checklist:",
        "items:",
        "- name:",
        "type:",
        "label:",
        "choices:",
        "relevant:",
        "languages:",
        "missing:",
        "repeat",
    ),
    *("section", "include:", "extends:", "with:", "file:", "was:", "&a", "*a", "<<:", "|\\x0a", "---", "!!str", "? "),
)


def main() -> None:
    """Parse the arguments and let the fuzzer run; it ends the process itself."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000, help="how many inputs (1,000,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (1)")
    parser.add_argument("file", nargs="?", type=Path, help="read this one input instead")
    arguments = parser.parse_args()
    # Files are many: a disk would cost more than all else.
    folder = Path(tempfile.mkdtemp(prefix="fuzz", dir=_MEMORY if _MEMORY.is_dir() else None))
    reader = Reader(folder)
    if arguments.file:
        reader(arguments.file.read_bytes())
        return
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(sorted(set(_seeds()))):
        (corpus / str(number)).write_bytes(seed)
    words = folder / "words"
    words.write_text("".join(f'"{word}"\n' for word in _WORDS), encoding="utf-8")
    options = [f"-runs={arguments.runs}", f"-seed={arguments.seed}", f"-dict={words}", "-max_len=1500", "-timeout=60"]
    options.append(f"-artifact_prefix={folder}/")

    def read(data: bytes) -> None:
        reader(data)
        if reader.counts.total() == arguments.runs:  # the process ends right after the last one
            print(f"{arguments.runs} inputs and no surprise:", dict(reader.counts), flush=True)

    atheris.Setup([sys.argv[0], *options, str(corpus)], read)
    atheris.Fuzz()


def _seeds() -> Iterator[bytes]:
    """Expressions, and checklists of one item with the lists that it names: what is small is read quickly."""
    for path in sorted(_MISTAKES.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        for line in text.splitlines():
            key, _, value = line.strip().partition(" ")
            if key in _LOGIC_KEYS:
                yield EXPRESSION + value.encode()
        for item in text.partition("\nitems:\n")[2].split("\n  - ")[:8]:
            listed = [
                choices for name, choices in _LISTS.items() if f"choices: {name}" in item or f"over: {name}" in item
            ]
            alone = item.removeprefix("  - ").partition("\nindicators:")[0]
            document = f"{_HEAD}choices: {{{', '.join(listed)}}}\nitems:\n  - {alone}\n"
            for kind in (CHECKLIST, YAML):
                yield kind + document.encode()


if __name__ == "__main__":
    main()
