"""Small files and small functions, each readable at a glance."""

from tests.architecture.repository import Function, functions, name, tracked, under

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 40


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    programs = [path for path in tracked() if path.suffix == ".py" and "/versions/" not in name(path)]
    long = {name(path): len(path.read_text("utf-8").splitlines()) for path in programs}
    assert {file: lines for file, lines in long.items() if lines > LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    programs = [path for path in tracked() if path.suffix == ".py" and "/versions/" not in name(path)]
    long = {
        f"{name(path)}:{function.name}": _lines(function)
        for path in programs
        for function in functions(path)
        if _lines(function) > LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is() -> None:
    for path in under("tests", "docs", "bench"):
        if path.name != "__init__.py":
            assert path.read_text("utf-8").startswith(('"""', "#!")), name(path)


def _lines(function: Function) -> int:
    """Lines of the body only: a signature with one argument per line is a list."""
    return (function.end_lineno or 0) - function.body[0].lineno + 1
