"""Fixtures of the whole suite: the tools under tests/tools (servers, a browser, the ban on skipping)."""

pytest_plugins = ("tests.tools.no_skips", "tests.tools.servers", "tests.tools.browser")
