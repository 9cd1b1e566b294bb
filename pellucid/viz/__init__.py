"""Seeing a graph, its runs and its results: `tf.viz.draw`, `tf.viz.trace`, and charts.

    tf.viz.draw(loss, "graph.svg")                 # the graph, as a picture
    print(tf.viz.trace(loss, {x: [1.0, 2.0]}))     # a run, step by step
    tf.viz.line(losses).save("loss.png")           # also scatter, bar, histogram, image

In the book's page a program that ends with a tensor or a graph shows it, and one that ends with a
trace, without `print`, shows a picture to step through (stepping.py).

Read next: simplify.py for the picture, trace.py for the run, chart.py for charts.
"""

import html

from pellucid.viz.chart import Chart, bar, histogram, image, line, scatter
from pellucid.viz.trace import Step, Trace, trace

__all__ = ["Chart", "Step", "Trace", "bar", "draw", "histogram", "image", "line",
           "notebook_html", "scatter", "trace"]


def draw(target, path=None, max_nodes=200, fold_variables=True, unfold=(), fold=()):
    """Draws a computational graph as SVG.

    Name scopes are nested boxes; large ones are folded into one node that says how many
    operations it stands for. Shapes are written on the arrows, control inputs are dashed.
    The drawing follows the reader's light or dark colour scheme.

    Args:
      target: Graph, for all of it; or a Tensor, Operation, Variable or a list of them, for
        what they need. Those are highlighted. Of a Trace, what it fetched.
      path: str or Path of the file to write; where left out, the SVG text is returned.
      max_nodes: int, how many nodes are drawn at most.
      fold_variables: bool, draw a variable as one node, and where it is updated as a note.
        If not, its place, initial value, assignment and read are drawn as they are.
      unfold: names of scopes to open even if they are large, for example ["gradients"].
      fold: names of scopes to keep folded.

    Returns:
      The SVG text if no path was given, else None. The same graph gives the same text.

    Raises:
      ValueError: nothing to draw, or tensors of different graphs.
      TypeError: target is none of the above.
    """
    from pellucid.viz.simplify import simplify
    from pellucid.viz.svg import to_svg

    picture = simplify(getattr(target, "targets", target), max_nodes, fold_variables, unfold, fold)
    svg = to_svg(picture)
    if path is None:
        return svg
    from pellucid.viz.files import write
    return write(path, svg)


def notebook_html(target):
    """What a notebook shows for a Graph or a Tensor: a drawing of at most 120 nodes."""
    text = html.escape(repr(target))
    svg = draw(target, max_nodes=120)
    return f'<code>{text}</code><div style="overflow:auto;max-height:720px">{svg}</div>'
