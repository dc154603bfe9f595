"""course-engine: structured, weekly courses that open one week after another."""

__version__ = "0.1.0"
