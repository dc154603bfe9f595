"""Where the folders that lie beside the package are found.

A wheel carries them inside the package as `bundle/`; a checkout and an editable
install have them beside it. This is the only code that knows.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
HOME = PACKAGE / "bundle" if (PACKAGE / "bundle").is_dir() else PACKAGE.parent

MODULES = HOME / "modules"
TEMPLATES = HOME / "templates"
CERTIFICATES = HOME / "certificates"
STATIC = PACKAGE / "web" / "static"
FONTS = PACKAGE / "rendering" / "fonts"
LOCALES = PACKAGE / "locales"
