"""Make a frozen graph, in which variables are constants, of a checkpoint or SavedModel.

    pellucid freeze model/net-1000 -o frozen.pb --outputs softmax
    pellucid freeze saved_model/ -o frozen.pb
    pellucid freeze model/net-1000 --graph graph.pbtxt -o frozen.pb --outputs softmax

The graph is the checkpoint's .meta file, or --graph. Nodes that the outputs do not need are left
out. Nothing is run, so the graph may have operations that pellucid lacks.
"""

import os
import sys


def add_arguments(parser):
    """The checkpoint, its graph, the outputs, and where the result goes."""
    parser.add_argument("path", metavar="CHECKPOINT",
                        help="prefix or directory of a checkpoint, or a SavedModel")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--outputs", metavar="NAMES",
                        help="names of the nodes to keep, with commas; of a SavedModel, by default "
                             "the outputs of its signatures")
    parser.add_argument("--graph", metavar="FILE", help="GraphDef or MetaGraph in place of .meta")
    parser.add_argument("--tags", metavar="TAGS", help="of the SavedModel's graph, with commas")
    parser.add_argument("--text", action="store_true", help="write the text form")


def run(arguments):
    """Writes the frozen graph; returns the exit code, 1 for what cannot be frozen."""
    from pellucid.cli.kinds import Unreadable
    from pellucid.cli.tables import bytes_text
    from pellucid.core.errors import OpError
    from pellucid.interchange.bundle import write_file
    from pellucid.interchange.messages import to_text
    from pellucid.interchange.transform import VARIABLES
    try:
        frozen = _frozen(arguments)
        data = to_text(frozen).encode() if arguments.text else frozen.SerializeToString()
        write_file(arguments.output, data)
    except (Unreadable, OpError, OSError, AssertionError, ValueError) as error:
        print(f"pellucid freeze: {error}", file=sys.stderr)
        return 1
    left = sum(node.op in VARIABLES for node in frozen.node)
    print(f"{arguments.output}: {len(frozen.node)} nodes, {bytes_text(len(data))}"
          + (f"; {left} variables had no value in the checkpoint" if left else ""))
    return 0


def _frozen(arguments):
    from pellucid.cli.kinds import Unreadable, content_of, graph_def_of
    from pellucid.interchange.old_checkpoints import open_checkpoint
    from pellucid.interchange.transform import extract_sub_graph, with_constants
    content, outputs = content_of(arguments.path), arguments.outputs
    if content.kind == "SavedModel":
        meta = _tagged(content, arguments.tags)
        graph_def = meta.graph_def
        prefix = os.path.join(content.path, "variables", "variables")
        outputs = outputs or ",".join(dict.fromkeys(
            info.name.split(":")[0] for _, signature in sorted(meta.signature_def.items())
            for _, info in sorted(signature.outputs.items()) if info.name))
    elif content.kind == "checkpoint":
        graph_def = graph_def_of(content_of(arguments.graph) if arguments.graph else content)
        prefix = content.path
    else:
        raise Unreadable(f"{content.path}: {content.kind}, not a checkpoint or SavedModel")
    if not outputs:
        raise Unreadable("say with --outputs which nodes to keep; `pellucid show` lists them")
    names = [name.split(":")[0] for name in outputs.split(",")]
    part = extract_sub_graph(graph_def, names)
    return with_constants(part, _values(graph_def, part, open_checkpoint(prefix)))


def _tagged(content, tags):
    from pellucid.cli.kinds import Unreadable
    graphs = content.message.meta_graphs
    wanted = set(tags.split(",")) if tags else None
    found = [m for m in graphs if wanted is None or set(m.meta_info_def.tags) == wanted]
    if len(found) != 1:
        raise Unreadable(f"{content.path}: there are graphs with the tags "
                         f"{[list(m.meta_info_def.tags) for m in graphs]}; choose one by --tags")
    return found[0]


def _values(graph_def, part, reader):
    """{variable's node: array}, of those of `part` that the checkpoint has.

    The graph's own restoring operations say under which name a variable was saved; without
    them it is the node's.
    """
    from pellucid.interchange.transform import VARIABLES
    saved = _saved_names(graph_def)
    found = {}
    for node in part.node:
        name = saved.get(node.name, node.name)
        if node.op in VARIABLES and name in reader:
            found[node.name] = reader.read(name)
    return found


def _saved_names(graph_def):
    from pellucid.interchange.import_graph import parse_input
    from pellucid.interchange.tensors import make_ndarray
    nodes = {node.name: node for node in graph_def.node}
    saved = {}
    for node in graph_def.node:
        if node.op not in ("Assign", "AssignVariableOp") or len(node.input) < 2:
            continue
        source, index = parse_input(node.input[1])
        restore = nodes.get(source)
        if restore is not None and restore.op == "Identity" and restore.input:
            source, index = parse_input(restore.input[0])         # of a resource variable
            restore = nodes.get(source)
        if restore is None or restore.op != "RestoreV2" or len(restore.input) < 3:
            continue
        constants = [nodes.get(parse_input(text)[0]) for text in restore.input[1:3]]
        if any(c is None or c.op != "Const" for c in constants):
            continue
        names, slices = [make_ndarray(c.attr["value"].tensor).ravel() for c in constants]
        if index < len(names) and index < len(slices) and not slices[index]:
            saved.setdefault(parse_input(node.input[0])[0], names[index].decode())
    return saved
