"""The style sheet of drawings.

It is inside each drawing and follows the reader's light or dark scheme. Every rule begins
with the drawing's own class, so that several drawings and the page around them do not
disturb one another. There is no `var()` in it: simple SVG renderers do not know that.
"""

from pellucid.viz.level import LABEL_SIZE, NAME_SIZE, NOTE_SIZE, TITLE_SIZE, VALUE_SIZE

_LIGHT = {
    "ground": "#ffffff", "text": "#1c2430", "soft": "#5d6878", "line": "#7b8798",
    "op": "#ffffff", "op-edge": "#8a96a8", "constant": "#e9edf3", "box": "#5b78b0",
    "variable": "#fdf0d5", "variable-edge": "#c98a1b",
    "placeholder": "#dcecfb", "placeholder-edge": "#3b82c4",
    "scope": "#e4e9f7", "scope-edge": "#6277b8",
    "target": "#dcf5ea", "target-edge": "#0f8a5f"}

_DARK = {
    "ground": "#14181f", "text": "#e8ecf2", "soft": "#a3afbf", "line": "#8492a6",
    "op": "#232a35", "op-edge": "#66748a", "constant": "#2f3743", "box": "#7d9ad0",
    "variable": "#43351a", "variable-edge": "#e0a63c",
    "placeholder": "#1b344c", "placeholder-edge": "#5ba3e0",
    "scope": "#2a3352", "scope-edge": "#8296d8",
    "target": "#173c30", "target-edge": "#3ecf97"}

_SHAPES = f"""\
text{{font-family:Helvetica,Arial,'Liberation Sans',sans-serif;text-anchor:middle}}
.name{{font-size:{NAME_SIZE}px;font-weight:500}}
.note{{font-size:{NOTE_SIZE}px}}
.value{{font-size:{VALUE_SIZE}px}}
.label{{font-size:{LABEL_SIZE}px}}
.caption{{font-size:{TITLE_SIZE}px;text-anchor:start}}
.wire path{{fill:none;stroke-width:1.3}}
.wire .tip{{stroke:none}}
.wire:hover path{{stroke-width:2.2}}
.control path{{stroke-dasharray:4 4}}
.box rect{{fill-opacity:.075;stroke-opacity:.45;stroke-width:1}}
.face{{stroke-width:1.4}}
.target .face{{stroke-width:2.2}}"""


def _colours(of):
    kinds = "".join(f".{kind} .face{{fill:{of[kind]};stroke:{of[kind + '-edge']}}}\n"
                    for kind in ("op", "variable", "placeholder", "scope", "target"))
    return f"""\
.ground{{fill:{of["ground"]}}}
text{{fill:{of["text"]}}}
.soft{{fill:{of["soft"]}}}
.wire path{{stroke:{of["line"]}}}
.wire .tip{{fill:{of["line"]}}}
.box rect{{fill:{of["box"]};stroke:{of["box"]}}}
.constant .face{{fill:{of["constant"]};stroke:{of["constant"]}}}
{kinds}\
.variable .bar{{fill:{of["variable-edge"]}}}
.wire:hover path{{stroke:{of["target-edge"]}}}
.wire:hover .tip{{fill:{of["target-edge"]}}}"""


def _scoped(rules):
    return "\n".join(".pellucid " + rule for rule in rules.splitlines())


STYLE = (_scoped(_SHAPES) + "\n" + _scoped(_colours(_LIGHT))
         + "\n@media (prefers-color-scheme:dark){\n" + _scoped(_colours(_DARK)) + "\n}")
