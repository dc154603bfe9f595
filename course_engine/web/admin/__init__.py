"""The pages of those who run the site, one file a page; `admin/admin.html` is the parent of their words."""

from course_engine.web.admin import audit, jobs, outbox, people, retention, settings
from course_engine.web.admin.blueprint import blueprint

__all__ = ["audit", "blueprint", "jobs", "outbox", "people", "retention", "settings"]
