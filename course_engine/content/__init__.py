"""Course folders: YAML and Markdown in, one checked and compiled edition out."""

from course_engine.content import check, loader

__all__ = ["check", "loader"]
