"""The codes of person and week that stand on the sheets of people on paper."""

from collections.abc import Collection

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows


def of_run(run: str) -> dict[str, str]:
    """The codes of a run, by week id."""
    query = t.PaperCode.select(t.PaperCode.week, t.PaperCode.code).where(t.PaperCode.run == run)
    return dict(all_rows(query))


def add(code: str, run: str, week: str) -> bool:
    """Write down a code; false when another sheet has it already."""
    query = t.PaperCode.insert(code=code, run=run, week=week)
    return bool(
        query.on_conflict(action="IGNORE", conflict_target=[t.PaperCode.code]).as_rowcount().execute()
    )


def find(codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The run and week of each of these codes that there is."""
    query = t.PaperCode.select(t.PaperCode.code, t.PaperCode.run, t.PaperCode.week)
    rows = all_rows(query.where(t.PaperCode.code.in_(list(codes))))
    return {code: (run, week) for code, run, week in rows}
