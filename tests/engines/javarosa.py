"""JavaRosa, the engine inside ODK Collect, in a Java process that stays up; and ODK Validate, which holds it."""

import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from tests.engines.process import JsonLines

XFORMS = "{http://www.w3.org/2002/xforms}"
TEMPLATE = "{http://openrosa.org/javarosa}template"

# One time zone on every machine, and not that of the clock, so that what mixes the two up is seen.
TIME_ZONE, OFFSET = "Asia/Baku", "+04:00"

Step = tuple[str, str | None] | tuple[str]


@dataclass(frozen=True)
class Run:
    """A filled form. Paths are XPaths from the root, `/data/votes[2]/count`; the position 1 is left out.

    `refused` holds the steps that a person could not have taken. `shown` has what stands on the pages after the last
    step: questions, and the instances of repeats, with their labels. `choices` are the codes offered, and `labels` what
    they are called. `errors` is `required` or `constraint` by path. `relevant` holds all nodes that are, `data` the
    answers that are handed in. `instance` is the XML as expressions see it, with nothing where a node is not relevant.
    """

    refused: list[str]
    shown: dict[str, str | None]
    choices: dict[str, list[str]]
    labels: dict[str, list[str]]
    errors: dict[str, str]
    relevant: list[str]
    submission: str
    instance: str
    data: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", dict(leaves(ET.fromstring(self.submission))))


class JavaRosa:
    """The engine. Use it as a context manager, or through the fixture `javarosa`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="javarosa")
        sources = sorted(map(str, Path(__file__).with_name("java").glob("*.java")))
        compiled = ["javac", "-encoding", "UTF-8", "-d", self._folder.name, "-cp", str(jar()), *sources]
        subprocess.run(compiled, check=True, capture_output=True)
        # A stack that holds what nested expressions need.
        options = [
            f"-Duser.timezone={TIME_ZONE}",
            "-Dslf4j.provider=none",
            "-Dfile.encoding=UTF-8",
            "-Xss8m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
        ]
        self._process = JsonLines(["java", *options, "-cp", f"{self._folder.name}:{jar()}", "Engine"])

    def run(self, xform: str, steps: Sequence[Step] = (), files: Mapping[str, bytes] | None = None) -> Run:
        """Take the steps, in order, as a person does: (path, value) answers, None clears, (path,) removes an instance.

        An answer that lies in an instance that is not there yet adds it. `files` lie beside the form.
        """
        if not files:
            return Run(**self._process.ask("run", xform=xform, steps=steps))
        with tempfile.TemporaryDirectory(dir=self._folder.name) as folder:
            for name, data in files.items():
                (Path(folder) / name).write_bytes(data)
            return Run(**self._process.ask("run", xform=xform, steps=steps, files=folder))

    def evaluate(self, xform: str, cases: Sequence[tuple[str, str]]) -> list[Any]:
        """Evaluate XPath expressions over a form as it stands, each seen from a node, given by its path.

        A value that is no number is None; an expression that fails is `{"error": …}`.
        """
        answers: list[Any] = self._process.ask("evaluate", xform=xform, cases=cases)
        return answers

    def validate(self, xform: str) -> str:
        """Return what ODK Validate has against a form; empty for one that it takes."""
        return str(self._process.ask("validate", xform=xform))

    def close(self) -> None:
        """End the engine."""
        self._process.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def jar() -> Path:
    """ODK Validate, which pyxform ships."""
    found = find_spec("pyxform")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"


def paths(xform: str) -> dict[str, str]:
    """The path of every node of the main instance by its name, without positions. Names are unique in a form."""
    instance = ET.fromstring(xform).find(f".//{XFORMS}instance/*")
    assert instance is not None
    return {path.rpartition("/")[2]: path for path, _ in nodes(instance) if "[" not in path}


def filled_repeats(xform: str) -> frozenset[str]:
    """The repeats inside others that have an instance in each new instance of those; a converter makes some without."""
    found = set()
    for template in ET.fromstring(xform).iter():
        if TEMPLATE in template.attrib:
            for node in template.iter():
                repeats = {child.tag for child in node if TEMPLATE in child.attrib}
                found |= {_name(child) for child in node if child.tag in repeats and TEMPLATE not in child.attrib}
    return frozenset(found)


def binds(xform: str) -> dict[str, Mapping[str, str]]:
    """The attributes of every bind, such as `relevant` and `calculate`, by the path of its node."""
    return {bind.attrib["nodeset"]: bind.attrib for bind in ET.fromstring(xform).iter(f"{XFORMS}bind")}


def leaves(root: ET.Element) -> Iterator[tuple[str, str]]:
    """The path and text of every node that holds an answer."""
    return ((path, node.text or "") for path, node in nodes(root) if not len(node) and node.text)


def nodes(root: ET.Element, path: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Every node with its path, without the templates of repeats."""
    path = path or f"/{_name(root)}"
    yield path, root
    seen: dict[str, int] = {}
    for child in root:
        if TEMPLATE in child.attrib:
            continue
        name = _name(child)
        seen[name] = seen.get(name, 0) + 1
        yield from nodes(child, f"{path}/{name}" + (f"[{seen[name]}]" if seen[name] > 1 else ""))


def _name(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def form(questions: Mapping[str, str], instance: str) -> str:
    """A bare XForm: `questions` has XForms types by absolute path, `instance` is the main instance with its answers."""
    binds = "".join(f'<bind nodeset="{path}" type="{kind}"/>' for path, kind in questions.items())
    groups = sorted({path.rpartition("/")[0] for path in questions if path.count("/") > 2})
    repeats = "".join(f'<group ref="{path}"><repeat nodeset="{path}"/></group>' for path in groups)
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title>'
        f"<model><instance>{instance}</instance>{binds}</model></h:head><h:body>{repeats}</h:body></h:html>"
    )
