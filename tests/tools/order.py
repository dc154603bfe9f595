"""The tests that take long come first, so that at the end no worker waits for another's last one."""

import pytest

_LONG = ("tests/browser/", "tests/house/test_wheel.py", "tests/web/test_server.py", "tests/rendering/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    """Of a folder or file in the list its place there; of all others one behind them."""
    return next((n for n, name in enumerate(_LONG) if item.nodeid.startswith(name)), len(_LONG))
