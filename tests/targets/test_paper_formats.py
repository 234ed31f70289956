"""The formats of a form: each has all marks, in its size, and what is only read has none."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

import checklist_kit as ck
from checklist_kit.api import printed
from checklist_kit.model import PAPER_FORMATS, Checklist, Example
from checklist_kit.protocols import Artifact
from checklist_kit.targets.paper import build
from checklist_kit.targets.paper.arrows import arrows
from checklist_kit.targets.paper.document import Composer
from checklist_kit.targets.paper.formats import A4, BILINGUAL, FORMATS, Edition, editions
from checklist_kit.targets.paper.trainer import for_trainers
from tests.strategies.checklists import load_text
from tests.targets.test_paper import FORMS, check_ink, check_layout

EVERY_TYPE = FORMS[[path.stem for path in FORMS].index("every_type")]
MARKS = {"a4": 4.0, "a5": 3.5, "large": 5.0, "bilingual": 4.0, "sheet": 4.0}  # mm
PAGES = {"a5": (148, 210)}  # mm
FILLED = [format for format in FORMATS.values() if format.filled and format is not A4]
READ = [format for format in FORMATS.values() if not format.filled]

each_filled = pytest.mark.parametrize("format", FILLED, ids=lambda format: format.name)
each_read = pytest.mark.parametrize("format", READ, ids=lambda format: format.name)


@cache
def artifact_of(format: str, path: Path = EVERY_TYPE) -> Artifact:
    checklist = printed(ck.load(path), formats=[format])
    return build(checklist, tuple(checklist.languages))


def texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


def test_formats_have_the_names_that_checklists_know() -> None:
    assert tuple(FORMATS) == PAPER_FORMATS


@each_filled
def test_every_mark_is_there_in_its_size(format: object) -> None:
    checklist, artifact = ck.load(EVERY_TYPE), artifact_of(format.name)
    layouts = {name: json.loads(data) for name, data in artifact.files.items() if name.endswith(".layout.json")}
    assert len(layouts) == (1 if format is BILINGUAL else 2)
    for name, layout in layouts.items():
        check_layout(checklist, layout, edge=(9, 17))
        check_ink(artifact.files[name.removesuffix("layout.json") + "pdf"], layout, margin=9)
        sizes = {mark["w_mm"] for page in layout["pages"] for mark in page["marks"] if mark["shape"] != "box"}
        assert sizes == {MARKS[format.name]}
        assert {(page["width_mm"], page["height_mm"]) for page in layout["pages"]} == {
            PAGES.get(format.name, (210, 297))
        }


@each_filled
def test_the_pdf_is_accessible(format: object) -> None:
    for name, pdf in artifact_of(format.name).files.items():
        if name.endswith(".pdf") and "booklet" not in name:
            assert raw.FPDFCatalog_IsTagged(pypdfium2.PdfDocument(pdf))


@each_read
def test_what_is_only_read_has_nothing_to_be_scanned(format: object) -> None:
    cv2 = pytest.importorskip("cv2")
    files = artifact_of(format.name).files
    assert {name.rpartition(".")[2] for name in files} == {"pdf"}
    for pdf in files.values():
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=2, grayscale=True).to_numpy().squeeze()
        detector = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_250))
        assert not len(detector.detectMarkers(page.copy())[0])


def test_pages_of_a_booklet_fold_into_their_order() -> None:
    """Sheets are laid into each other: the outer one has the last page and the first, then the second and so on."""
    files = artifact_of("a5").files
    for language, from_the_right in (("en", False), ("ar", True)):
        name = f"every_type.paper.{language}.a5"
        count = len(pypdfium2.PdfDocument(files[f"{name}.pdf"]))
        sides = []
        for page in pypdfium2.PdfDocument(files[f"{name}.booklet.pdf"]):
            assert [round(side / 72 * 25.4) for side in page.get_size()] == [296, 210]
            half = page.get_width() / 2
            halves = [page.get_textpage().get_text_bounded(left=x, right=x + half) for x in (0, half)]
            sides.append([_page_number(text, count) for text in (halves[::-1] if from_the_right else halves)])
        whole = 4 * -(-count // 4)
        wanted = [[whole - k, 1 + k] if k % 2 == 0 else [1 + k, whole - k] for k in range(whole // 2)]
        assert sides == [[number if number <= count else 0 for number in side] for side in wanted]


def _page_number(text: str, count: int) -> int:
    found = re.search(rf"(?:Page|صفحة)\s+(\d+)\s+(?:of|من)\s+{count}\b", text)
    return int(found[1]) if found else 0


def test_corner_markers_of_a_booklet_are_those_of_no_other_form() -> None:
    """Nothing else tells an A5 page from an A4 page where its symbol cannot be read."""
    ids = {}
    for name in ("a4", "a5"):
        pages = json.loads(artifact_of(name).files[f"every_type.paper.{Edition(FORMATS[name], 'en').stem}.layout.json"])
        ids[name] = [fiducial["id"] for page in pages["pages"] for fiducial in page["fiducials"]]
        assert len(ids[name]) == len(set(ids[name]))
    assert not set(ids["a4"]) & set(ids["a5"])


def test_both_languages_stand_in_a_form_in_two() -> None:
    (pdf,) = (data for name, data in artifact_of("bilingual").files.items() if name == "every_type.paper.en-ar.pdf")
    shown = " ".join(texts(pdf))
    for text in ("Which problems?", "ما المشاكل؟", "Answer only if", "أجب"):
        assert text in shown


def test_each_edition_has_a_name_of_its_own() -> None:
    found = list(editions(PAPER_FORMATS, ("en", "az", "pt-BR")))
    assert len({edition.tag for edition in found}) == len({edition.stem for edition in found}) == len(found)
    assert "/" not in "".join(edition.tag for edition in found)
    assert {edition.stem for edition in found if edition.format is BILINGUAL} == {"en-az", "en-pt-BR"}


def test_questions_and_answers_go_together_by_number() -> None:
    questions = " ".join(texts(artifact_of("questions").files["every_type.paper.en.questions.pdf"]))
    sheet = " ".join(texts(artifact_of("sheet").files["every_type.paper.en.sheet.pdf"]))
    assert "Which problems?" in questions
    assert "Which problems?" not in sheet
    assert re.search(r"1\s+Ink missing\s+2\s+Voter list missing\s+3\s+None of these", questions)
    # The choices for missing answers are counted after the others, on both.
    assert re.search(r"3\s+Not observed", questions)
    assert "Answer sheet" in sheet


def test_a_poster_is_one_page() -> None:
    for path in FORMS:
        for pdf in artifact_of("poster", path).files.values():
            assert len(pypdfium2.PdfDocument(pdf)) == 1


def test_a_poster_that_nobody_could_read_is_an_error() -> None:
    items = "\n".join(f"  - {{name: q{k}, type: text, label: {'Long question ' * 12}}}" for k in range(260))
    checklist = load_text(f"checklist: long\nversion: '1'\ntitle: L\nlanguages: {{en: E}}\nitems:\n{items}\n")
    artifact = build(printed(checklist, formats=["poster"]), ("en",))
    assert not artifact.files
    assert "paper-poster" in {loss.code for loss in artifact.losses}


TRAINING = """
checklist: training
version: "1"
title: Training
languages: {en: English}
choices:
  yes_no: {yes: "Yes", no: "No", not_observed: {label: Not observed, missing: not_observed}}
  parties: {red: Red, blue: Blue}
paper:
  example:
    story: The box stood open.
    answers: {seal: "123456", shown: no, problems: [b, c], voters: 87, absent: 999, party_votes: {red: 12}}
items:
  - {name: seal, type: text, matches: "[0-9]{6}", label: Seal}
  - {name: shown, type: select_one, choices: yes_no, label: Shown empty?, guidance_hint: Look into it}
  - {name: problems, type: select_multiple, choices: {a: A, b: B, c: C}, label: Problems?}
  - {name: voters, type: integer, label: Voters?, constraint: ". <= 3000"}
  - {name: absent, type: integer, label: Absent?, constraint: ". <= 300", missing: {999: dont_know},
     constraint_message: More than a station has}
  - {name: votes, type: repeat, over: parties, label: Votes, items: [{name: party_votes, type: integer, label: Votes}]}
indicators:
  - {name: hidden, label: The box was not shown, when: shown = 'no'}
"""


def training() -> Checklist:
    return printed(load_text(TRAINING), formats=["trainer"])


def test_trainers_see_what_answers_mean() -> None:
    shown = " ".join(" ".join(texts(build(training(), ("en",)).files["training.paper.en.trainer.pdf"])).split())
    for text in (
        "The box stood open.",
        "Guidance Look into it",
        "No [no]",
        "Counted as “The box was not shown” if the answer to question 2 is “No”",
        "A wrong answer It is wrong unless the answer to question 4 is at most 3000",
        "A wrong answer More than a station has",
        "123456",
    ):
        assert text in shown


def test_the_worked_example_is_marked() -> None:
    checklist = training()
    composer = Composer(checklist, "en")
    found: dict[tuple[str, str], tuple[list[str], str]] = {}

    def collect(part: object) -> None:
        if isinstance(part, dict) and "instance" in part and ("filled" in part or "written" in part):
            found[part["item"], part["instance"]] = part.get("filled", []), part.get("written", "")
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            collect(inner)

    collect(for_trainers(composer, composer.document()))
    assert found == {
        ("seal", ""): ([], "123456"),
        ("shown", ""): (["no"], ""),
        ("problems", ""): (["b", "c"], ""),
        ("voters", ""): (["2:8", "3:7"], "  87"),
        ("absent", ""): (["999"], ""),
        ("party_votes", "red"): (["2:1", "3:2"], "  12"),
    }


def test_marks_of_the_example_are_black() -> None:
    def ink(checklist: Checklist) -> int:
        pdf = build(checklist, ("en",)).files["training.paper.en.trainer.pdf"]
        return sum(
            int((page.render(scale=2, grayscale=True).to_numpy() < 60).sum()) for page in pypdfium2.PdfDocument(pdf)
        )

    checklist = training()
    without = replace(checklist, paper=replace(checklist.paper, example=Example(story=checklist.paper.example.story)))
    circle = 3.14 * (2 / 25.4 * 144) ** 2
    assert ink(checklist) - ink(without) > 8 * 0.7 * circle


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ("{nobody: yes}", "there is no question `nobody`"),
        ("{shown: maybe}", "`shown` offers no `maybe`"),
        ("{voters: many}", "`many` is no whole number"),
        ("{party_votes: 3}", "`party_votes` is asked several times"),
        ("{shown: {red: yes}}", "`shown` is asked once"),
    ],
)
def test_an_example_that_cannot_be_marked_is_an_error(answers: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "training.yaml"
    path.write_text(re.sub(r"answers: \{.*\}", f"answers: {answers}", TRAINING), encoding="utf-8")
    assert message in [finding.message for finding in ck.check(path) if finding.code == "paper-example"]


def test_how_it_is_printed_is_no_part_of_what_it_means() -> None:
    assert load_text(TRAINING).hash == load_text(re.sub(r"paper:\n(  .*\n)+?items", "items", TRAINING)).hash


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "a4"])
def test_the_same_bytes_every_time(format: str) -> None:
    checklist = printed(ck.load(EVERY_TYPE), formats=[format])
    assert build(checklist, tuple(checklist.languages)) == artifact_of(format)


# Rules of design that keep people from mistakes


def layout_of(checklist: Checklist, format: str = "a4") -> dict:
    files = build(printed(checklist, formats=[format]), (checklist.default_language,)).files
    (layout,) = (json.loads(data) for name, data in files.items() if name.endswith(".layout.json"))
    return layout


def branching() -> Checklist:
    """Each fifth question sends some people past the next two."""
    lines = []
    for k in range(1, 46):
        relevant = f", relevant: \"q{k - 1 - (k % 5 == 3)} = 'yes'\"" if k % 5 in (2, 3) else ""
        lines.append(f"  - {{name: q{k}, type: select_one, choices: yes_no, label: Was it question {k}?{relevant}}}")
    return load_text(
        "checklist: branching\nversion: '1'\ntitle: B\nlanguages: {en: English}\n"
        "choices: {yes_no: {yes: 'Yes', no: 'No'}}\nitems:\n" + "\n".join(lines) + "\nignore: [paper-many-skips]\n"
    )


@pytest.mark.parametrize("format", ["a4", "a5", "large"])
def test_no_arrow_leads_over_the_foot_of_a_page(format: str) -> None:
    checklist = branching()
    layout = layout_of(checklist, format)
    page_of = {mark["item"]: page["page"] for page in layout["pages"] for mark in page["marks"]}
    assert len(layout["pages"]) > 1
    targets = arrows(checklist).targets
    assert len(targets) == 9
    for (name, _), target in targets.items():
        assert page_of[name] == page_of[f"q{target}"], name


def test_an_arrow_stands_at_its_box() -> None:
    """Right of the mark of the answer that it belongs to, on its line."""
    checklist = branching()
    pdf = build(checklist, ("en",)).files["branching.paper.en.pdf"]
    document = pypdfium2.PdfDocument(pdf)
    marks = {(m["item"], m["choice"]): (p["page"], m) for p in layout_of(checklist)["pages"] for m in p["marks"]}
    for (name, code), target in arrows(checklist).targets.items():
        number, mark = marks[name, code]
        page = document[number - 1]
        top = page.get_height() - (mark["y_mm"] - 3) / 25.4 * 72
        left = (mark["x_mm"] + 2) / 25.4 * 72
        beside = page.get_textpage().get_text_bounded(left, top - 6 / 25.4 * 72, left + 28 / 25.4 * 72, top)
        assert re.search(rf"No\s*→\s*{target}\b", beside), beside


def test_one_answer_is_a_circle_and_many_are_squares() -> None:
    checklist = ck.load(EVERY_TYPE)
    shapes = {"select_one": "circle", "select_multiple": "square", "acknowledge": "square"}
    for page in layout_of(checklist)["pages"]:
        for mark in page["marks"]:
            kind = checklist.by_name[mark["item"]].item.type
            if kind in shapes:
                assert mark["shape"] == shapes[kind]


@pytest.mark.parametrize("format", ["a4", "a5", "large", "sheet"])
def test_choices_for_missing_answers_stand_last_and_apart(format: str) -> None:
    """After all others as one reads, from the left or from the right, and with a gap before them."""
    checklist = ck.load(EVERY_TYPE)
    for language, sign in (("en", 1), ("ar", -1)):
        files = build(printed(checklist, formats=[format]), (language,)).files
        (layout,) = (json.loads(data) for name, data in files.items() if name.endswith(".layout.json"))
        marks = {m["choice"]: m for p in layout["pages"] for m in p["marks"] if m["item"] == "opened"}
        (last,) = (mark for mark in marks.values() if mark["choice"] == "not_observed")
        others = [mark for mark in marks.values() if mark is not last]
        for other in others:
            below = last["y_mm"] > other["y_mm"] + 3
            assert below or (last["x_mm"] - other["x_mm"]) * sign > 0
        if not below:
            gaps = sorted(abs(last["x_mm"] - other["x_mm"]) for other in others)
            assert gaps[0] > 10


@pytest.mark.parametrize("format", ["a4", "a5", "large", "sheet"])
def test_digits_stand_in_columns_under_their_boxes(format: str) -> None:
    """One column a position, the most significant at the left in every script; the digits go down from 0 to 9."""
    checklist = ck.load(EVERY_TYPE)
    for language in ("en", "ar"):
        files = build(printed(checklist, formats=[format]), (language,)).files
        (layout,) = (json.loads(data) for name, data in files.items() if name.endswith(".layout.json"))
        for page in layout["pages"]:
            places: dict[tuple[str, str], dict[str, tuple[float, float]]] = {}
            for mark in page["marks"]:
                if mark["shape"] == "digit":
                    found = places.setdefault((mark["item"], mark["instance"]), {})
                    found[mark["choice"]] = mark["x_mm"], mark["y_mm"]
            for field in places.values():
                count = len(field) // 10
                columns = [[field[f"{position}:{digit}"] for digit in range(10)] for position in range(count)]
                for column in columns:
                    assert len({x for x, _ in column}) == 1
                    assert [y for _, y in column] == sorted(y for _, y in column)
                assert [column[0][0] for column in columns] == sorted(column[0][0] for column in columns)


@pytest.mark.parametrize("format", ["a4", "a5", "large"])
def test_a_rule_stands_between_questions(format: str) -> None:
    checklist = branching()
    files = build(printed(checklist, formats=[format]), ("en",)).files
    layout = layout_of(checklist, format)
    (pdf,) = (data for name, data in files.items() if name.endswith(".pdf") and "booklet" not in name)
    px = 100 / 25.4
    for leaf, page in zip(pypdfium2.PdfDocument(pdf), layout["pages"], strict=True):
        picture = leaf.render(scale=100 / 72, grayscale=True).to_numpy().squeeze()
        rows = sorted({mark["y_mm"] for mark in page["marks"] if mark["choice"] == "yes"})
        inner = picture[:, round(18 * px) : round((page["width_mm"] - 18) * px)]
        for above, below in pairwise(rows):
            assert (inner[round(above * px) : round(below * px)] < 220).all(axis=1).any(), (page["page"], above)


def test_a_form_of_the_unit_alone(tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    text = "checklist: f\ntitle: F\nitems:\n  - {name: q, type: text, matches: '[0-9]{3}', label: Q}\n"
    path.write_text(text, encoding="utf-8")
    assert any(name.endswith(".pdf") for name in ck.build(ck.load(path), "paper").files)
