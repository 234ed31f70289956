"""Make the pictures of the docs: `python -m docs.pictures`. It needs what `make engines` installs."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from PIL import Image

import checklist_kit as ck
from checklist_kit.api import printed
from tests.engines.chromium import Chromium

ROOT = Path(__file__).parents[1]
FORM = ROOT / "checklists" / "az_2024_presidential" / "election_day.yaml"
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
  body {{ margin: 0; width: 1240px; background: white; font: 15px sans-serif; color: #333 }}
  main {{ display: flex; gap: 20px; padding: 20px; height: 640px }}
  figure {{ margin: 0; flex: 1 1 0; min-width: 0; display: flex; flex-direction: column }}
  figcaption {{ padding: 0 0 8px }}
  div, pre {{ flex: 1; overflow: hidden; border: 1px solid #bbb; border-radius: 4px; margin: 0 }}
  pre {{ font: 11.5px/1.45 monospace; padding: 12px; background: #fafafa }}
  img {{ width: 100% }}
  img.web {{ width: 160%; margin: 0 -30% }}
</style><main>
<figure><figcaption>One definition …</figcaption><pre>{yaml}</pre></figure>
<figure><figcaption>… becomes a paper form,</figcaption><div><img src="paper.png"></div></figure>
<figure><figcaption>a web form, a workbook and more</figcaption><div><img class="web" src="web.png"></div></figure>
</main>"""


FORMATS = ("a4", "a5", "large", "bilingual", "sheet", "trainer", "poster")
HEIGHT = 420  # pixels of an A4 page


def formats() -> None:
    """Write docs/pictures/formats.png: a page in each format of the paper form, one beside the other."""
    checklist = printed(ck.load(FORM), formats=FORMATS)
    files = ck.build(checklist, "paper", ["en", "az"]).files
    pages = []
    for name in FORMATS:
        end = {"a4": "en", "bilingual": "en-az"}.get(name, f"en.{name}")
        document = pypdfium2.PdfDocument(files[f"{checklist.id}.paper.{end}.pdf"])
        page = document[min(1, len(document) - 1)]
        pages.append(page.render(scale=HEIGHT / 842 * (0.9 if name == "poster" else 1.0)).to_pil())
    gap = 12
    wide = sum(page.width for page in pages) + gap * (len(pages) + 1)
    picture = Image.new("RGB", (wide, max(page.height for page in pages) + 2 * gap), (225, 225, 230))
    x = gap
    for page in pages:
        picture.paste(page, (x, gap))
        x += page.width + gap
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(
        ROOT / "docs" / "pictures" / "formats.png", optimize=True
    )


def main() -> None:
    """Write docs/pictures/channels.png, and formats.png beside it."""
    formats()
    checklist = ck.load(FORM)
    paper = ck.build(checklist, "paper", ["en"]).files[f"{checklist.id}.paper.en.pdf"]
    survey = json.loads(ck.build(checklist, "surveyjs").files[f"{checklist.id}.surveyjs.json"])
    survey["showTOC"] = False
    with TemporaryDirectory() as name, Chromium() as chromium:
        folder = Path(name)
        pypdfium2.PdfDocument(paper)[1].render(scale=1.6).to_pil().save(folder / "paper.png")
        chromium.survey({**survey, "pages": survey["pages"][2:]}).screenshot(folder / "web.png")
        text = FORM.read_text(encoding="utf-8")
        part = text[text.index("  - name: opening\n") :][:2400]
        (folder / "page.html").write_text(PAGE.format(yaml=_escaped(part)), encoding="utf-8")
        (ROOT / "docs" / "pictures").mkdir(exist_ok=True)
        print(chromium.open(folder / "page.html", 1240, 680).screenshot(ROOT / "docs" / "pictures" / "channels.png"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


if __name__ == "__main__":
    main()
