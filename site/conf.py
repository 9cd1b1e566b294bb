"""How Sphinx makes the pages. build.py lays them out and calls it."""

import re
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
sys.path[:0] = [str(SITE / "extension"), str(ROOT)]

project = "pellucid"
author = "The pellucid authors"
copyright = "The pellucid authors"
release = re.search(r'__version__ = "(.*)"', (ROOT / "pellucid/__init__.py").read_text())[1]
language = "en"

extensions = ["myst_parser", "lessons", "maths"]
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "myst.header", "toc.not_included"]
nitpicky = False
root_doc = "index"
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "pellucid"
html_short_title = "pellucid"
html_static_path = [str(ROOT / "build" / "work" / "static")]
html_css_files = ["katex/katex.css", "page/page.css"]
html_js_files = [("page/page.js", {"type": "module"})]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
html_favicon = str(SITE / "pictures" / "drop.svg")
html_logo = str(SITE / "pictures" / "drop.svg")
templates_path = [str(SITE / "templates")]
html_sidebars = {"**": ["sidebar/brand.html", "sidebar/search.html", "sidebar/scroll-start.html",
                        "sidebar/navigation.html", "sidebar/scroll-end.html"]}
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "friendly"                # page.css sets the colours, the editor's own
pygments_dark_style = "native"
