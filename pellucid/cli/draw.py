"""Draw the graph in a file as SVG.

    pellucid draw frozen.pb -o graph.svg
    pellucid draw model/net-1000.meta -o graph.svg --outputs loss --unfold train

Name scopes are nested boxes; large ones are folded into one node. The file may be a GraphDef, a
MetaGraph, a SavedModel, a checkpoint with a .meta file beside it, or an event file with a graph.
"""

import os
import sys


def add_arguments(parser):
    """The file, where the drawing goes, and how much of it."""
    parser.add_argument("path", metavar="FILE", help="file, directory, or prefix of a checkpoint")
    parser.add_argument("-o", "--output", required=True, metavar="SVG", help="the file to write")
    parser.add_argument("--outputs", metavar="NAMES",
                        help="names of nodes, with commas: draw only what they need")
    parser.add_argument("--max-nodes", type=int, default=200, metavar="N",
                        help="how many nodes are drawn at most (200)")
    parser.add_argument("--unfold", metavar="SCOPES", default="",
                        help="name scopes to open even if they are large, with commas")


def run(arguments):
    """Writes the drawing; returns the exit code, 1 for what cannot be drawn."""
    from pellucid.cli.kinds import Unreadable, content_of, graph_def_of
    from pellucid.core.errors import OpError
    from pellucid.core.graph import Graph
    from pellucid.interchange.import_graph import import_graph_def
    from pellucid.viz import draw
    folder, kind = os.path.dirname(arguments.output), os.path.splitext(arguments.output)[1]
    try:
        if kind not in ("", ".svg"):
            raise Unreadable(f"{arguments.output}: drawings are SVG; a browser or a converter "
                             f"makes {kind} of one")
        if folder and not os.path.isdir(folder):
            raise Unreadable(f"{arguments.output}: there is no directory {folder}")
        graph_def = graph_def_of(content_of(arguments.path))
        with Graph().as_default() as graph:
            import_graph_def(graph_def, name="")
            target = graph
            if arguments.outputs:
                target = [graph.as_graph_element(name) for name in arguments.outputs.split(",")]
            draw(target, arguments.output, max_nodes=arguments.max_nodes,
                 unfold=[scope for scope in arguments.unfold.split(",") if scope])
    except (Unreadable, OpError, OSError, KeyError, ValueError) as error:
        print(f"pellucid draw: {error}", file=sys.stderr)
        return 1
    print(f"{arguments.output}: {len(graph_def.node)} nodes")
    return 0
