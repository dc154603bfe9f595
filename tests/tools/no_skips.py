"""A test that is skipped, or expected to fail, tells nobody anything: here it is a failure."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped or hasattr(report, "wasxfail"):
        _fail(report, getattr(report, "wasxfail", None))
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped:
        _fail(report, None)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport, expected: str | None) -> None:
    reason = f"expected to fail: {expected}" if expected is not None else f"skipped: {report.longrepr}"
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was {reason}\nA skipped or xfailed test fails the run."
    if hasattr(report, "wasxfail"):
        del report.wasxfail
