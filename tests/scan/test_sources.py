"""Files as pages: how many there are in a file, and their grey values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from checklist_kit.readers.scan.sources import load, pages_of

GREY = np.tile(np.arange(0, 240, 4, dtype=np.uint8), (40, 1))


def test_a_photograph_with_a_preview_is_one_page(tmp_path: Path) -> None:
    picture = Image.fromarray(GREY)
    picture.save(tmp_path / "phone.mpo", save_all=True, append_images=[picture.resize((15, 10))])
    (tmp_path / "phone.jpg").write_bytes((tmp_path / "phone.mpo").read_bytes())
    assert len(pages_of(tmp_path / "phone.jpg")) == 1


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "CMYK", "I;16"])
def test_grey_values_of_tiffs(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(GREY.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(GREY).convert(mode)
    picture.save(tmp_path / "page.tiff")
    (page,) = pages_of(tmp_path / "page.tiff")
    assert np.abs(load(page).astype(int) - GREY).max() <= 2
