"""The real engines that tests ask, and what each of them needs; `python -m tests.engines` prints what is missing."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"
SYSTEM_PYTHON = "/usr/bin/python3"  # UNO belongs to the system's Python, never to the project's

# A need is a command, a file, or the module `uno`.
NEEDS: dict[str, tuple[str | Path, ...]] = {
    "surveyjs": ("node", NODE / "node_modules" / "survey-core"),
    "survey-js-ui": ("chromium", NODE / "node_modules" / "survey-core", NODE / "node_modules" / "survey-js-ui"),
    "libreoffice": ("soffice", "uno"),
    "chromium": ("chromium",),
    "fonts": (Path("/usr/share/fonts/truetype/noto/NotoSansMyanmar-Regular.ttf"),),
    "poppler": ("pdftoppm", "pdftotext"),
    "javarosa": ("java", "javac"),
    "openrosa": ("node", NODE / "node_modules" / "openrosa-xpath-evaluator", NODE / "node_modules" / "jsdom"),
    "yaml-language-server": ("node", NODE / "node_modules" / "yaml-language-server"),
}


def missing(engine: str) -> list[str]:
    """What an engine needs and this machine does not have."""
    return [getattr(need, "name", str(need)) for need in NEEDS[engine] if not _present(need)]


def requires_engine(engine: str) -> None:
    """Skip the test that runs when an engine of NEEDS is missing; under CI=true, where none may be, fail it."""
    if absent := missing(engine):
        message = f"{engine} needs {', '.join(absent)}: run `make engines`"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


@functools.cache
def _present(need: str | Path) -> bool:
    if isinstance(need, Path):
        return need.exists()
    if need == "uno":
        found = [SYSTEM_PYTHON, "-c", "import uno"]
        return Path(SYSTEM_PYTHON).exists() and not subprocess.run(found, capture_output=True, check=False).returncode
    return shutil.which(need) is not None
