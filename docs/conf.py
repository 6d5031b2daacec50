"""How the documentation becomes a site: read by Sphinx in the folder that tools/docs_site.py lays out."""

import tomllib
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parents[1]

project = "Leeward"
version = release = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
language = "en"
extensions = ["myst_parser"]
root_doc = "docs/index"
nitpicky = True  # a link that leads nowhere is a fault
myst_heading_anchors = 4

html_theme = "furo"
html_title = f"Leeward {version}"
html_logo = html_favicon = str(HERE / "src/leeward/web/static/leeward/logo.svg")
html_theme_options = {
    # The colours of the pages themselves (leeward.css).
    "light_css_variables": {
        "color-brand-primary": "#0b4758",
        "color-brand-content": "#095167",
        "color-background-primary": "#ffffff",
        "color-background-secondary": "#faf7f0",
        "color-sidebar-background": "#faf7f0",
    },
    "dark_css_variables": {
        "color-brand-primary": "#84cdd8",
        "color-brand-content": "#8ad2dd",
        "color-background-primary": "#0d1b22",
        "color-background-secondary": "#13272f",
        "color-sidebar-background": "#0a161c",
    },
}
html_static_path = html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """GitHub draws these; here they are shown as they are written."""
    app.add_lexer("mermaid", TextLexer)
