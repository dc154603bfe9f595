"""The blueprint that all pages of groups stand in."""

from flask import Blueprint

blueprint = Blueprint("cohorts", __name__, url_prefix="/cohorts")
