"""Budgets, printed as ratios: `python -m tests.bench`, or with names to measure only these.

Figures of one run belong together; a busy or slow machine changes them all, so the ratios are what counts.
Nothing here fails: it prints.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import load, paper, reading, signing, starting
from tests.bench.site import Site, open_site

PARTS: dict[str, Callable[[Site], None]] = {
    "queries": reading.queries,
    "rule": reading.rule,
    "pages": load.pages,
    "completions": load.completions,
    "starts": starting.starts,
    "documents": paper.documents,
    "sign-in": signing.sign_in,
}


def main(wanted: list[str]) -> None:
    """Make a site in a folder that is thrown away, and measure."""
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(Path(folder))
        for name, measure in PARTS.items():
            if not wanted or name in wanted:
                measure(site)
        site.engine.close()


if __name__ == "__main__":
    main(sys.argv[1:])
