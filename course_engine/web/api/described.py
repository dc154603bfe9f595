"""The description of the API: what flask-smorest writes of our routes, mended where we do otherwise."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import Schema

from course_engine.web.api.answers import Problem
from course_engine.web.api.asking import Parser

View = Callable[..., Any]
PROBLEM = "application/problem+json"
PDF = "application/pdf"
DOCUMENT = {"type": "string", "format": "binary"}
SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "session",
        "description": "The cookie of a person who is signed in.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key that a person has made for a program in their settings, to read or to write.",
    },
    "token": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "For every POST and DELETE: the value of csrf_token in any form of the site.",
    },
}


class Described(Api):  # type: ignore[misc]
    """The API as it is described; its errors are told where all errors are told.

    Describing takes longer than answering, so it waits until somebody asks for it.
    """

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask) -> None:
        self._undescribed: list[Routes] = []
        super().__init__(app)

    def register_blueprint(self, routes: "Routes") -> None:
        """Answer these addresses."""
        self._app.register_blueprint(routes)
        self._undescribed.append(routes)

    def _register_error_handlers(self) -> None:
        """None: the handlers of flask-smorest would answer pages in JSON, too."""

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole description, as plain data."""
        for routes in self._undescribed:
            routes.register_views_in_doc(self, self._app, self.spec, name=routes.name, parameters=None)
            self.spec.tag({"name": routes.name, "description": routes.description})
        told: dict[str, Any] = self.spec.to_dict()
        cookie = self._app.config["SESSION_COOKIE_NAME"]
        told["components"]["securitySchemes"] = {
            **SECURITY,
            "session": {**SECURITY["session"], "name": cookie},
        }
        for answer in told["components"]["responses"].values():
            answer["content"] = {PROBLEM: answer["content"].pop("application/json")}
        return told


class Routes(Blueprint):  # type: ignore[misc]
    """Routes of the API: each names what it answers, and its view says who may ask."""

    ARGUMENTS_PARSER = Parser()

    def get(
        self, rule: str, answer: type[Schema], refused: tuple[int, ...] = (), *, public: bool = False
    ) -> Callable[[View], View]:
        """Answer this address in JSON."""
        return self._routed("GET", rule, self.response(200, answer), refused, [] if public else ["session"])

    def post(
        self, rule: str, body: type[Schema], answer: type[Schema], refused: tuple[int, ...]
    ) -> Callable[[View], View]:
        """Take JSON at this address; what was sent comes to the view as its first argument."""

        def told(view: View) -> View:
            return self.response(200, answer)(self.arguments(body)(view))  # type: ignore[no-any-return]

        return self._routed("POST", rule, told, refused, ["session", "token"])

    def delete(self, rule: str, refused: tuple[int, ...]) -> Callable[[View], View]:
        """Take away what is at this address, and answer without words."""
        return self._routed("DELETE", rule, self.response(204), refused, ["session", "token"])

    def asked(
        self, rule: str, query: type[Schema], answer: type[Schema], refused: tuple[int, ...]
    ) -> Callable[[View], View]:
        """Answer this address in JSON; what stands behind its question mark comes to the view first."""

        def told(view: View) -> View:
            return self.response(200, answer)(self.arguments(query, location="query")(view))  # type: ignore[no-any-return]

        return self._routed("GET", rule, told, refused, ["session"])

    def leading(self, rule: str, answer: type[Schema], refused: tuple[int, ...]) -> Callable[[View], View]:
        """Answer this address in JSON, or with the way to a document once there is one."""

        def told(view: View) -> View:
            view = self.alt_response(303, description="It is made: follow this address.")(view)
            return self.response(200, answer)(view)  # type: ignore[no-any-return]

        return self._routed("GET", rule, told, refused, ["session"])

    def pdf(self, rule: str, query: type[Schema], refused: tuple[int, ...]) -> Callable[[View], View]:
        """Answer this address with a document, or with the way to it."""

        def told(view: View) -> View:
            view = self.arguments(query, location="query")(view)
            view = self.alt_response(303, description="It is being made: follow this address.")(view)
            return self.response(200, DOCUMENT, content_type=PDF)(view)  # type: ignore[no-any-return]

        return self._routed("GET", rule, told, refused, ["session"])

    def document(self, rule: str, refused: tuple[int, ...]) -> Callable[[View], View]:
        """Answer this address with a document."""
        told = self.response(200, DOCUMENT, content_type=PDF)
        return self._routed("GET", rule, told, refused, ["session"])

    def _routed(
        self,
        method: str,
        rule: str,
        told: Callable[[View], View],
        refused: tuple[int, ...],
        security: list[str],
    ) -> Callable[[View], View]:
        def routed(view: View) -> View:
            answered = told(view)
            for status in refused:
                answered = self.alt_response(status, schema=Problem, content_type=PROBLEM)(answered)
            ways: list[dict[str, list[str]]] = []
            if security:
                ways = [{scheme: [] for scheme in security}, {"bearer": []}]
            answered = self.doc(security=ways)(answered)
            self.route(rule, methods=[method])(answered)
            return view

        return routed
