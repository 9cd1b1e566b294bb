"""How Sphinx makes the pages. build.py lays them out and calls it."""

import sys
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
sys.path[:0] = [str(SITE / "extension"), str(SITE), str(ROOT)]

from wheels import version_of  # noqa: E402

project = "pellucid"
author = "The pellucid authors"
copyright = "The pellucid authors"
release = version_of(ROOT / "pellucid")
language = "en"

extensions = ["myst_parser", "lessons", "front", "maths"]
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
html_use_index = False                        # nothing is in it
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
html_favicon = str(SITE / "pictures" / "drop.svg")
html_logo = str(SITE / "pictures" / "drop.svg")
templates_path = [str(SITE / "templates")]
html_sidebars = {"**": ["sidebar/brand.html", "sidebar/search.html", "sidebar/scroll-start.html",
                        "sidebar/navigation.html", "sidebar/scroll-end.html"]}
pygments_style = "friendly"                # the colours of programs: src/page.css
pygments_dark_style = "native"

FONTS = {"font-stack": "'Literata', Georgia, 'Times New Roman', serif",
         "font-stack--headings": "'Literata', Georgia, 'Times New Roman', serif",
         "font-stack--monospace": "'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace",
         "font-stack--ui": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"}
LIGHT = {"ground": "#fbfcfb", "raised": "#f1f5f4", "sunken": "#e9efee", "border": "#dbe4e2",
         "text": "#1b2a2f", "quiet": "#52656b", "faint": "#5f7178",
         "accent": "#0b6e78", "accent-strong": "#08545c", "accent-wash": "#e2f1f0",
         "paper": "#ffffff", "good": "#157347", "good-wash": "#e4f4ea",
         "bad": "#b3341f", "bad-wash": "#fcece7", "hint": "#8a5a00", "hint-wash": "#fdf3dc",
         "keyword": "#0b6e78", "string": "#9a4a12", "number": "#7a3e9d", "comment": "#5f7178",
         "name": "#1f5fa8"}
DARK = {"ground": "#11181b", "raised": "#182124", "sunken": "#0c1214", "border": "#2a373b",
        "text": "#dce6e7", "quiet": "#9fb1b5", "faint": "#84989d",
        "accent": "#67c9c6", "accent-strong": "#93dedb", "accent-wash": "#16302f",
        "paper": "#151d20", "good": "#6fcf97", "good-wash": "#15301f",
        "bad": "#ff9a85", "bad-wash": "#3a1c16", "hint": "#f0c468", "hint-wash": "#332811",
        "keyword": "#67c9c6", "string": "#eba274", "number": "#c9a0ea", "comment": "#7d9197",
        "name": "#8bbcf5"}


def colours(of):
    """The theme's own variables, from ours, which page.css uses too."""
    return {**of, "color-brand-primary": of["accent"], "color-brand-content": of["accent"],
            "color-brand-visited": of["accent"],
            "color-foreground-primary": of["text"], "color-foreground-secondary": of["quiet"],
            "color-foreground-muted": of["quiet"], "color-foreground-border": of["faint"],
            "color-background-primary": of["ground"], "color-background-secondary": of["raised"],
            "color-background-border": of["border"], "color-background-hover": of["sunken"],
            "color-background-hover--transparent": "transparent",
            "color-inline-code-background": of["raised"],
            "color-sidebar-background": of["raised"], "color-link-underline": of["border"],
            "color-link--visited--hover": of["accent-strong"], "color-toc-item-text": of["quiet"],
            "color-highlighted-background": of["hint-wash"]}


html_theme_options = {"top_of_page_buttons": [],
                      "light_css_variables": {**FONTS, **colours(LIGHT)},
                      "dark_css_variables": colours(DARK)}
