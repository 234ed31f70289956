"""Translations beside a file, in `translations/<language>.po`: merged when a checklist is loaded."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import checklist_kit as ck
from checklist_kit import api
from checklist_kit.diagnostics import CODES, Diagnostic
from checklist_kit.model import TEXT_KEYS
from checklist_kit.source import schema_text

FORM = """\
checklist: form
languages: {en: English, az: Azərbaycanca, ru: Русский}
unit: station
title: Polling station
choices:
  yes_no: {yes: "Yes", no: {label: "No"}, unseen: {label: Not seen, missing: not_observed}}
  places: {file: places.csv}
attributes:
  kind: {label: Kind of station, choices: {plain: Plain, dual: Dual}}
items:
  - {name: station, type: text, required: true, label: Which station is it?, required_message: Give the station}
  - name: opening
    type: section
    label: Opening
    items:
      - {name: box, type: select_one, choices: yes_no, label: Was the box empty?, hint: Look into it}
      - {name: where, type: select_one, choices: places, label: Where did it stand?}
      - {name: who, type: select_multiple, choices: {chair: Chairperson, agent: Agent}, label: Who was there?}
      - name: ballots
        type: integer
        label: Ballots in ${station}
        missing: {9999: {label: Kept secret, missing: not_permitted}}
indicators:
  - {name: full, label: The box was not empty, phrase: "Not empty in {share}", when: box = 'no'}
checks:
  - {name: some, label: There are ballots, that: ballots > 0}
reports:
  - {name: morning, label: After the opening, due: "2024-02-07T09:30+04:00"}
"""
PLACES = "code,label.en,label.ru\nhall,Hall,Зал\nyard,Courtyard,Двор\n"
PATHS = {
    "form.yaml#title": "Polling station",
    "form.yaml#choices/yes_no/yes": "Yes",
    "form.yaml#choices/yes_no/no": "No",
    "form.yaml#choices/yes_no/unseen": "Not seen",
    "form.yaml#attributes/kind/label": "Kind of station",
    "form.yaml#attributes/kind/choices/plain": "Plain",
    "form.yaml#attributes/kind/choices/dual": "Dual",
    "form.yaml#items/station/label": "Which station is it?",
    "form.yaml#items/station/required_message": "Give the station",
    "form.yaml#items/opening/label": "Opening",
    "form.yaml#items/opening/box/label": "Was the box empty?",
    "form.yaml#items/opening/box/hint": "Look into it",
    "form.yaml#items/opening/where/label": "Where did it stand?",
    "form.yaml#items/opening/who/label": "Who was there?",
    "form.yaml#items/opening/who/choices/chair": "Chairperson",
    "form.yaml#items/opening/who/choices/agent": "Agent",
    "form.yaml#items/opening/ballots/label": "Ballots in ${station}",
    "form.yaml#items/opening/ballots/missing/9999": "Kept secret",
    "form.yaml#indicators/full/label": "The box was not empty",
    "form.yaml#indicators/full/phrase": "Not empty in {share}",
    "form.yaml#checks/some/label": "There are ballots",
    "form.yaml#reports/morning/label": "After the opening",
    "places.csv#hall": "Hall",
    "places.csv#yard": "Courtyard",
}


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def catalogue(messages: dict[str, tuple[str, str]]) -> str:
    """A catalogue of source and translation by context."""
    return "\n".join(
        f"msgctxt {quoted(context)}\nmsgid {quoted(source)}\nmsgstr {quoted(text)}\n"
        for context, (source, text) in messages.items()
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def codes(findings: list[Diagnostic]) -> list[str]:
    return [one.code for one in findings if not one.code.startswith("text-coverage")]


def test_every_text_is_translated(tmp_path: Path) -> None:
    po = catalogue({context: (source, f"az {source}") for context, source in PATHS.items()})
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES, "translations/az.po": po})
    loaded = api.examine(path, texts=True)
    assert {text.context: text.source for text in loaded.texts} == PATHS
    checklist = ck.load(path)
    missing = [one.message for one in ck.check(path) if one.code == "text-missing-translation"]
    assert not [message for message in missing if message.endswith("az")]
    box = checklist.by_name["box"].item
    assert box.label == {"en": "Was the box empty?", "az": "az Was the box empty?"}
    assert checklist.choices["places"]["hall"].label == {"en": "Hall", "ru": "Зал", "az": "az Hall"}
    assert checklist.choices["yes_no"]["unseen"].label["az"] == "az Not seen"
    assert checklist.by_name["who"].item.choices["chair"].label["az"] == "az Chairperson"  # type: ignore[attr-defined]
    assert checklist.title["az"] == "az Polling station"


def test_no_kind_of_text_is_forgotten() -> None:
    """Every key of the schema that holds a text is among those above."""
    schema = json.loads(schema_text())
    holders = {"": schema, **schema["$defs"], "choice": schema["$defs"]["choice"]["then"]}
    found = {
        (name, key)
        for name, part in holders.items()
        for key, value in part.get("properties", {}).items()
        if isinstance(value, dict) and value.get("$ref") == "#/$defs/words"
    }
    named = {
        ("indicator", "label"),
        ("indicator", "phrase"),
        ("check", "label"),
        ("report", "label"),
        ("attribute", "label"),
    }
    assert found == {("", "title"), ("choice", "label"), *(("fields", key) for key in TEXT_KEYS), *named}


def test_the_hash_speaks_of_translations_too(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES})
    before = ck.load(path).hash
    write(tmp_path, {"translations/az.po": catalogue({"places.csv#hall": ("Hall", "Zal")})})
    after = ck.load(path).hash
    write(tmp_path, {"translations/az.po": catalogue({"form.yaml#title": ("Polling station", "Məntəqə")})})
    assert len({before, after, ck.load(path).hash}) == 3


def test_what_is_wrong_with_a_translation_is_found_in_its_file(tmp_path: Path) -> None:
    po = catalogue(
        {
            "form.yaml#items/opening/ballots/label": ("Ballots in ${station}", "Bülletenlər"),
            "form.yaml#items/opening/box/label": ("Was the box empty?", "Qutu bоş idi?"),  # with a Cyrillic o
            "form.yaml#items/opening/where/label": ("Where did it stand?", "Where did it stand?"),
        }
    )
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES, "translations/az.po": po})
    name = str(tmp_path / "translations" / "az.po")
    found = {(one.code, one.span.line, one.span.column) for one in ck.check(path) if one.span and one.span.file == name}
    assert found == {("text-placeholder", 3, 8), ("text-mixed-script", 7, 8), ("text-same-translation", 11, 8)}
    assert api.examine(path).lines[name][2] == 'msgstr "Bülletenlər"'


def test_a_stale_or_fuzzy_translation_is_not_used(tmp_path: Path) -> None:
    po = catalogue({"form.yaml#title": ("Station", "Köhnə")}) + "\n#, fuzzy\n"
    po += catalogue({"form.yaml#items/opening/label": ("Opening", "Açılış")})
    path = write(tmp_path, {"form.yaml": FORM, "places.csv": PLACES, "translations/az.po": po})
    assert ck.load(path).title == {"en": "Polling station"}
    assert [one.span.line for one in ck.check(path) if one.code == "text-stale-translation" and one.span] == [3, 8]


BITS = (
    '"',
    "\\",
    "\n",
    "#~ ",
    "#| ",
    "#, fuzzy",
    "msgid ",
    'msgstr[1] "x"',
    "\u2028",
    "\r",
    'msgid_plural "z"',
    "\0",
    "\ufeff",
)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 8), st.sampled_from(BITS)), min_size=1, max_size=6))
@settings(max_examples=25)
def test_a_damaged_catalogue_is_a_finding_and_never_a_crash(damage: list[tuple[int, int, str]]) -> None:
    po = catalogue({context: (source, f"az {source}") for context, source in PATHS.items()})
    for place, gone, bit in damage:
        at = place % len(po)
        po = po[:at] + bit + po[at + gone :]
    with TemporaryDirectory() as folder:
        path = write(Path(folder), {"form.yaml": FORM, "places.csv": PLACES, "translations/az.po": po})
        found = api.examine(path)
        assert found.checklist is not None
        assert {one.code for one in found.findings} <= {code for code in CODES if code.startswith(("text-", "yaml-"))}


def test_several_files_share_a_catalogue_and_a_bank_has_its_own(tmp_path: Path) -> None:
    bank = "- {name: seal, type: text, label: Seal number}\n"
    one = "checklist: one\nlanguages: {en: E, az: A}\nitems:\n  - {include: banks/seals.yaml}\n"
    other = "checklist: other\nlanguages: {en: E, az: A}\nitems:\n  - {name: q, type: text, label: Hello}\n"
    path = write(
        tmp_path,
        {
            "one.yaml": one,
            "other.yaml": other,
            "banks/seals.yaml": bank,
            "banks/translations/az.po": catalogue({"seals.yaml#items/seal/label": ("Seal number", "Möhür nömrəsi")}),
            "translations/az.po": catalogue({"other.yaml#items/q/label": ("Hello", "Salam")}),
        },
    )
    assert ck.load(path).by_name["seal"].item.label["az"] == "Möhür nömrəsi"
    assert codes(ck.check(path)) == []  # what belongs to the other checklist is no fault of this one
    assert ck.load(tmp_path / "other.yaml").by_name["q"].item.label["az"] == "Salam"


def test_a_catalogue_says_which_language_it_translates(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr "X-Source-Language: en\\n"\n\n'
    bank = "- {name: seal, type: text, label: {en: Seal number, az: Möhür nömrəsi}}\n"
    form = "checklist: form\nlanguages: {az: A, en: E, ru: R}\nitems:\n  - {include: bank.yaml}\n"
    po = header + catalogue({"bank.yaml#items/seal/label": ("Seal number", "Номер пломбы")})
    path = write(tmp_path, {"form.yaml": form, "bank.yaml": bank, "translations/ru.po": po})
    assert ck.load(path).by_name["seal"].item.label["ru"] == "Номер пломбы"


def test_a_checklist_that_extends_another_has_its_languages_and_translations(tmp_path: Path) -> None:
    base = "checklist: base\nlanguages: {en: E, az: A}\nitems:\n  - {name: q, type: text, label: Hello}\n"
    form = "checklist: form\nextends: base/base.yaml\nitems:\n  - {name: r, type: text, label: Bye}\n"
    path = write(
        tmp_path,
        {
            "form.yaml": form,
            "base/base.yaml": base,
            "base/translations/az.po": catalogue({"base.yaml#items/q/label": ("Hello", "Salam")}),
            "translations/az.po": catalogue({"form.yaml#items/r/label": ("Bye", "Sağ ol")}),
        },
    )
    labels = {entry.item.name: entry.item.label["az"] for entry in ck.load(path).entries}
    assert labels == {"q": "Salam", "r": "Sağ ol"}
    changed = form + "  - {name: q, label: Hello there}\n"  # the base's translation is not one of this
    write(tmp_path, {"form.yaml": changed})
    assert ck.load(path).by_name["q"].item.label == {"en": "Hello there"}


def test_a_catalogue_outside_of_the_project_is_refused(tmp_path: Path) -> None:
    secret = write(tmp_path, {"secret.po": catalogue({"form.yaml#title": ("Polling station", "Sirr")})})
    path = write(tmp_path / "project", {"form.yaml": FORM, "places.csv": PLACES})
    (tmp_path / "project" / "translations").mkdir()
    (tmp_path / "project" / "translations" / "az.po").symlink_to(secret)
    assert "yaml-path" in codes(ck.check(path))


CONTESTS = """\
checklist: form
languages: {en: English, az: Azərbaycanca}
unit: station
items:
  - {name: station, type: text, required: true, label: {en: Station, az: Məntəqə}}
  - {include: bank.yaml, with: {id: president, contest: {en: President, az: Prezident}, most: 3000}}
  - {include: bank.yaml, with: {id: mayor, contest: {en: Mayor}, most: 500}}
"""
BANK = """\
- name: $(id)
  type: section
  label: $(contest)
  items:
    - {name: $(id)_valid, type: integer, label: Valid ballots for $(contest), constraint: . <= $(most)}
    - {name: $(id)_spoilt, type: integer, label: {en: Spoilt ballots for $(contest), az: $(contest) üzrə etibarsız}}
"""


def test_one_module_is_repeated_over_contests_in_every_language(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {
            "form.yaml": CONTESTS,
            "bank.yaml": BANK,
            "translations/az.po": catalogue(
                {
                    "form.yaml#items/with/contest": ("Mayor", "Bələdiyyə sədri"),
                    "bank.yaml#items/$(id)/$(id)_valid/label": (
                        "Valid ballots for $(contest)",
                        "$(contest) üzrə etibarlı bülletenlər",
                    ),
                }
            ),
        },
    )
    assert codes(ck.check(path)) == []
    labels = {entry.item.name: entry.item.label for entry in ck.load(path).entries}
    assert labels["president"] == {"en": "President", "az": "Prezident"}
    assert labels["mayor"] == {"en": "Mayor", "az": "Bələdiyyə sədri"}
    assert labels["president_spoilt"] == {"en": "Spoilt ballots for President", "az": "Prezident üzrə etibarsız"}
    assert labels["mayor_valid"]["az"] == "Bələdiyyə sədri üzrə etibarlı bülletenlər"


def test_a_contest_without_a_translation_is_missed_where_it_is_used(tmp_path: Path) -> None:
    path = write(tmp_path, {"form.yaml": CONTESTS, "bank.yaml": BANK})
    assert ck.load(path).by_name["mayor_spoilt"].item.label == {"en": "Spoilt ballots for Mayor"}
    assert "text-missing-translation" in codes(ck.check(path))


def test_a_lost_parameter_is_found_in_the_catalogue(tmp_path: Path) -> None:
    po = catalogue({"bank.yaml#items/$(id)/$(id)_valid/label": ("Valid ballots for $(contest)", "Etibarlı")})
    path = write(tmp_path, {"form.yaml": CONTESTS, "bank.yaml": BANK, "translations/az.po": po})
    places = {(one.span.line, one.span.column) for one in ck.check(path) if one.code == "text-placeholder" and one.span}
    assert places == {(3, 8)}
