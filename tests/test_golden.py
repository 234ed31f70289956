"""The golden fixture: it must fail on a difference, and write only when asked."""

from collections.abc import Callable
from pathlib import Path

import pytest


def test_golden(
    golden: Callable[[Path, str], None], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "goldens" / "word.txt"
    monkeypatch.setattr(request.config.option, "accept", False)
    with pytest.raises(pytest.fail.Exception, match="pytest --accept"):
        golden(file, "Seçki\r\n")
    assert not file.exists()
    monkeypatch.setattr(request.config.option, "accept", True)
    golden(file, "Seçki\r\n")
    assert file.read_bytes() == "Seçki\r\n".encode()
    monkeypatch.setattr(request.config.option, "accept", False)
    golden(file, "Seçki\r\n")
    with pytest.raises(pytest.fail.Exception, match=r"-Seçki\n\+seçki"):
        golden(file, "seçki\r\n")
