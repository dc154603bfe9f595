"""Budgets, printed as ratios: `python -m tests.bench`, or with names to measure only these.

Figures of one run belong together; a busy or slow machine changes them all, so the ratios are what counts.
No figure fails. What could not be measured is said in its place, and the end is then 1.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import boards, leading, load, machine, paper, reading, signing, starting
from tests.bench.site import Site, open_site

PARTS: dict[str, Callable[[Site], None]] = {
    "queries": reading.queries,
    "rule": reading.rule,
    "pages": load.pages,
    "completions": load.completions,
    "boards": boards.board,
    "starts": starting.starts,
    "documents": paper.documents,
    "sign-in": signing.sign_in,
    # Last: it fills the site with 10,000 people.
    "leading": leading.leading,
}


def main(wanted: list[str]) -> int:
    """Make a site in a folder that is thrown away, and measure; gives how many parts could not be."""
    with tempfile.TemporaryDirectory() as folder:
        site = open_site(Path(folder))
        try:
            parts = [measure for name, measure in PARTS.items() if not wanted or name in wanted]
            return sum(not _measured(measure, site) for measure in parts)
        finally:
            site.engine.close()


def _measured(measure: Callable[[Site], None], site: Site) -> bool:
    try:
        measure(site)
    except Exception as fault:
        machine.not_measured(fault)
        return False
    return True


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
