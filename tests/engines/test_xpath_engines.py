"""Where the XPath engines of ODK differ from the semantics of the language, and from each other: the traps to avoid."""

from typing import Any

import pytest

from tests.engines.javarosa import JavaRosa, form, paths
from tests.engines.openrosa import OpenRosa

TYPES = {
    "/data/i": "int",
    "/data/b": "int",
    "/data/d": "date",
    "/data/t": "time",
    "/data/s": "string",
    "/data/r/x": "int",
}
INSTANCE = (
    '<data id="q" xmlns=""><i>5</i><b/><d>2024-02-07</d><t>08:00:00.000+04:00</t><s>no</s>'
    "<r><x>3</x></r><r><x/></r><r><x>9</x></r></data>"
)
FAULT = "fault"

# expression, value in JavaRosa, value in openrosa-xpath-evaluator; b is blank
TRAPS: list[tuple[str, Any, Any]] = [
    ("/data/b != 5", True, True),
    ("/data/b <= 5", False, False),
    ("/data/b = 0", False, False),
    ("/data/b = /data/b", True, True),
    ("not(/data/b)", True, False),
    ("sum(/data/r/x)", 12, None),
    ("sum(/data/r/x[. != ''])", 12, 12),
    ("round(-2.5)", -2, -3),
    ("regex(/data/s, 'n')", False, True),
    ("regex(/data/s, '^n$')", False, False),
    ("-/data/i", -5, FAULT),
    ("/data/d < '2024-02-08'", False, True),
    ("/data/d < date('2024-02-08')", True, True),
    ("/data/t < '09:00'", False, False),
    ("decimal-time(/data/t) = 1 div 3", False, True),
    ("round(decimal-time(/data/t) * 86400) = 28800", True, True),
    ("count-selected(/data/b)", 0, 0),
    ("coalesce(/data/b, 4) + 1", 5, 5),
]

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
  xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
<instance><data id="f" version="1"><opened/><delay/><twice/><r jr:template=""><n/></r><r><n/></r></data></instance>
<bind nodeset="/data/opened" type="string" required="true()"/>
<bind nodeset="/data/delay" type="int" relevant="/data/opened = 'no'" constraint=". &lt; 60"/>
<bind nodeset="/data/twice" type="string" calculate="/data/delay * 2"/>
<bind nodeset="/data/r/n" type="int"/></model></h:head>
<h:body>
<select1 ref="/data/opened"><label>Opened?</label><item><label>Yes</label><value>yes</value></item>
<item><label>No</label><value>no</value></item></select1>
<input ref="/data/delay"><label>Not <output value="/data/opened"/>?</label></input>
<group ref="/data/r"><label>Row</label><repeat nodeset="/data/r">
<input ref="/data/r/n"><label>N</label></input></repeat></group>
</h:body></h:html>"""


@pytest.mark.parametrize(("expression", "value", "_"), TRAPS)
def test_javarosa_evaluates(javarosa: JavaRosa, expression: str, value: Any, _: Any) -> None:
    assert javarosa.evaluate(form(TYPES, INSTANCE), [(expression, "/data")]) == [value]


@pytest.mark.parametrize(("expression", "_", "value"), TRAPS)
def test_openrosa_evaluates(openrosa: OpenRosa, expression: str, _: Any, value: Any) -> None:
    (found,) = openrosa.evaluate(INSTANCE, [(expression, "/data", "any")])
    assert "error" in found if value == FAULT else found == value


def test_javarosa_fills_a_form(javarosa: JavaRosa) -> None:
    assert paths(FORM)["n"] == "/data/r/n"
    run = javarosa.run(
        FORM, [("/data/delay", "9"), ("/data/opened", "no"), ("/data/delay", "75"), ("/data/r[2]/n", "4")]
    )
    assert run.refused == ["/data/delay"], "nobody can answer a question that is not shown"
    assert run.data == {"/data/opened": "no", "/data/delay": "75", "/data/twice": "150", "/data/r[2]/n": "4"}
    assert run.errors == {"/data/delay": "constraint"}
    assert run.shown["/data/delay"] == "Not no?"
    assert run.choices == {"/data/opened": ["yes", "no"]}


def test_javarosa_reads_an_irrelevant_answer_as_blank_and_hands_none_in(javarosa: JavaRosa) -> None:
    steps = [("/data/opened", "no"), ("/data/delay", "5"), ("/data/opened", "yes"), ("/data/r",), ("/data/r/n", "4")]
    run = javarosa.run(FORM, steps)  # type: ignore[arg-type]
    assert run.data == {"/data/opened": "yes", "/data/r/n": "4"}
    assert "/data/delay" not in run.relevant
    assert javarosa.run(FORM, [("/data/opened", None)]).errors == {"/data/opened": "required"}


def test_odk_validate_judges(javarosa: JavaRosa) -> None:
    assert javarosa.validate(FORM) == ""
    assert "nosuch" in javarosa.validate(FORM.replace("/data/delay * 2", "nosuch(/data/delay)"))
