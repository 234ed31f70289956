"""The house rules that no linter holds: sizes, no stubs, light start-up, a text that speaks of the project alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "checklist_kit").rglob("*.py"))
MODULE_LINES = 400
FUNCTION_LINES = 50
LONGER: dict[str, int] = {}  # modules that may be longer, never over 600, each with its reason beside it

# Written as patterns that do not match themselves.
FORBIDDEN = {
    "a path of one machine": re.compile(r"/(wor[k]|roo[t]|hom[e])/[a-z.]"),
    "the address of a registry": re.compile(
        r"\b(registry|pypi|pythonhosted|npmjs|crates|proxy\.golang)\.(org|com|io)\b"
    ),
    "a note to oneself": re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b"),
}
LOCKS = {
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
}
HEAVY = {"numpy", "openpyxl", "pandas", "pyarrow", "python_calamine", "typst", "xlsxwriter"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked() -> list[Path]:
    """The files of the repository; outside of one, every file that is not ignored by its name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    hidden = (".venv", ".git", "node_modules")
    return [path for path in ROOT.rglob("*") if path.is_file() and not set(path.relative_to(ROOT).parts) & set(hidden)]


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, owner: ast.ClassDef | None = None) -> Iterator[tuple[Function, ast.ClassDef | None]]:
    """Every function with the class it stands in."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield node, owner
        yield from functions(node, node if isinstance(node, ast.ClassDef) else None)


def code(function: Function) -> list[ast.stmt]:
    """The body without the docstring."""
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def length(function: Function) -> int:
    """Lines from `def` to the end; a docstring is not counted, because it should be as long as it must."""
    docstring = function.body[0] if ast.get_docstring(function) is not None else None
    prose = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - prose


def is_stub(function: Function) -> bool:
    """Whether the body does nothing at all, or only says that it is not implemented."""
    return all(
        isinstance(line, ast.Pass)
        or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
        or (isinstance(line, ast.Raise) and "NotImplementedError" in ast.dump(line))
        for line in code(function)
    )


def may_be_empty(function: Function, owner: ast.ClassDef | None) -> bool:
    """Members of a Protocol, abstract methods and overloads have no body."""
    declared = {ast.unparse(base).split("[")[0].split(".")[-1] for base in owner.bases} if owner else set()
    decorators = {ast.unparse(decorator).split(".")[-1] for decorator in function.decorator_list}
    return "Protocol" in declared or bool(decorators & {"abstractmethod", "overload"})


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_small_and_finished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    allowed = LONGER.get(name_of(path), MODULE_LINES)
    assert text.count("\n") <= allowed <= 600, f"{name_of(path)} has {text.count(chr(10))} lines: split it"
    for function, owner in functions(ast.parse(text)):
        place = f"{name_of(path)}:{function.lineno} {function.name}"
        assert length(function) <= FUNCTION_LINES, f"{place} has {length(function)} lines: split it"
        assert may_be_empty(function, owner) or not is_stub(function), f"{place} is a stub"


def test_stub_detection_itself() -> None:
    source = '''
def a(): ...
def b():
    """Doc."""
    raise NotImplementedError("later")
def c():
    return None
class P(Protocol[T]):
    def d(self): ...
class Q:
    @abstractmethod
    def e(self): pass
    def f(self):
        pass
'''
    found = [f.name for f, owner in functions(ast.parse(source)) if is_stub(f) and not may_be_empty(f, owner)]
    assert found == ["a", "b", "f"]


def test_speaks_of_the_project_alone() -> None:
    faults = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            faults += [f"{name_of(path)}:{number}: {what}" for what, words in FORBIDDEN.items() if words.search(line)]
    assert not faults, "\n".join(faults)


def test_no_lock_file_is_committed() -> None:
    assert not [name_of(path) for path in tracked() if path.name in LOCKS]


@pytest.mark.parametrize("module", ["checklist_kit", "checklist_kit.cli"])
def test_starts_light(module: str) -> None:
    script = f"import sys, {module}; print(*{HEAVY!r} & {{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not loaded, f"importing {module} loads {loaded}: import them in the function that uses them"
