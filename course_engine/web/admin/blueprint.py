"""The blueprint that the pages of those who run the site stand in."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
