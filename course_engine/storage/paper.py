"""The codes of person and week that stand on the sheets of people on paper."""

from collections.abc import Collection, Mapping

from course_engine.storage import tables as t
from course_engine.storage.database import all_rows


def of_run(run: str) -> dict[str, str]:
    """The codes of a run, by week id."""
    query = t.PaperCode.select(t.PaperCode.week, t.PaperCode.code).where(t.PaperCode.run == run)
    return dict(all_rows(query))


def of_week(runs: Collection[str], week: str) -> dict[str, str]:
    """The codes of these runs for a week, by run id."""
    query = t.PaperCode.select(t.PaperCode.run, t.PaperCode.code)
    return dict(all_rows(query.where(t.PaperCode.run.in_(list(runs)) & (t.PaperCode.week == week))))


def add_many(codes: Mapping[str, str], week: str) -> None:
    """Write down a code for each of these runs and a week, but those that another sheet has already."""
    rows = [{"code": code, "run": run, "week": week} for run, code in codes.items()]
    if rows:
        t.PaperCode.insert_many(rows).on_conflict(
            action="IGNORE", conflict_target=[t.PaperCode.code]
        ).execute()


def find(codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The run and week of each of these codes that there is."""
    query = t.PaperCode.select(t.PaperCode.code, t.PaperCode.run, t.PaperCode.week)
    rows = all_rows(query.where(t.PaperCode.code.in_(list(codes))))
    return {code: (run, week) for code, run, week in rows}
