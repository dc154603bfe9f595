"""Lists what asks to be read again: files over 250 lines, functions over 40. Advice, never a failure."""

import ast
from collections.abc import Iterator
from pathlib import Path

FILE, FUNCTION = 250, 40
FOLDERS = ("course_engine", "tests", ".dev")


def main() -> None:
    """Print each long file and function with its length."""
    found = [
        line for folder in FOLDERS for path in sorted(Path(folder).rglob("*.py")) for line in _long(path)
    ]
    print("\n".join(found) or f"No file over {FILE} lines, no function over {FUNCTION}.")


def _long(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    lines = source.count("\n")
    if lines > FILE:
        yield f"{path}: {lines} lines"
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        if length > FUNCTION:
            yield f"{path}:{node.lineno}: {node.name} has {length} lines"


if __name__ == "__main__":
    main()
