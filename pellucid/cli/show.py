"""Say what a GraphDef, SavedModel, checkpoint, event file or record file holds.

    pellucid show frozen.pb            inputs, outputs, variables, operations
    pellucid show model/net-1000       a checkpoint's tensors
    pellucid show log/                 the newest event file's tags, with their last values

A directory stands for the SavedModel, the latest checkpoint or the newest event file in it.
Nothing in the file is run.
"""

import sys
from collections import Counter

_MOST = 30


def add_arguments(parser):
    """The path; how much to say."""
    parser.add_argument("path", metavar="FILE", help="file, directory, or prefix of a checkpoint")
    parser.add_argument("--all", action="store_true",
                        help=f"list everything, not only the first {_MOST} of a kind")


def run(arguments):
    """Prints what there is; returns the exit code, 1 for what cannot be read."""
    from pellucid.cli.kinds import Unreadable, content_of
    from pellucid.core.errors import OpError
    most = 0 if arguments.all else _MOST
    try:
        content = content_of(arguments.path)
        for line in _LINES[content.kind](content, most):
            print(line)
    except (Unreadable, OpError, OSError) as error:
        print(f"pellucid show: {error}", file=sys.stderr)
        return 1
    return 0


# -- graphs --------------------------------------------------------------------------------

def _graph_def(content, most):
    yield f"{content.path}: GraphDef"
    yield from graph_lines(content.message, most)


def _meta_graph(content, most):
    yield f"{content.path}: MetaGraph"
    yield from _meta_lines(content.message, most)


def _saved_model(content, most):
    graphs = content.message.meta_graphs
    yield f"{content.path}: SavedModel of {_count(len(graphs), 'graph')}"
    for meta in graphs:
        yield f"\ngraph with the tags {', '.join(meta.meta_info_def.tags) or '(none)'}"
        yield from _meta_lines(meta, most)


def _meta_lines(meta, most):
    if meta.meta_info_def.tensorflow_version:
        yield f"written by TensorFlow {meta.meta_info_def.tensorflow_version}, or for it"
    for key, signature in sorted(meta.signature_def.items()):
        yield f"\nsignature {key!r}: {signature.method_name}"
        yield from _indented(_signature_rows(signature))
    yield from graph_lines(meta.graph_def, most)


def _signature_rows(signature):
    from pellucid.cli.tables import shape_text, table
    rows = []
    for way, infos in ("in", signature.inputs), ("out", signature.outputs):
        for key, info in sorted(infos.items()):
            name = info.name or info.coo_sparse.values_tensor_name
            dims = None if info.tensor_shape.unknown_rank else [
                d.size for d in info.tensor_shape.dim]
            rows.append([way, key, name, _type_name(info.dtype), shape_text(dims)])
    return table(rows)


def graph_lines(graph_def, most):
    """Lines that describe a GraphDef."""
    from pellucid.cli.tables import bytes_text, cut, table
    nodes = graph_def.node
    producer = graph_def.versions.producer
    yield f"{_count(len(nodes), 'node')}" + (f", version {producer}" if producer else "")
    if graph_def.library.function:
        yield _count(len(graph_def.library.function), "function")
    inputs = [n for n in nodes if n.op in ("Placeholder", "PlaceholderV2")]
    variables = [n for n in nodes if n.op in ("Variable", "VariableV2", "VarHandleOp")]
    used = {source.lstrip("^").split(":")[0] for n in nodes for source in n.input}
    outputs = [n for n in nodes if n.name not in used and n.op not in _NOT_OUTPUTS]
    for label, found in ("inputs", inputs), ("outputs", outputs):
        if found:
            yield f"\n{label}"
            yield from _indented(table([_node_row(n) for n in found]), most)
    if variables:
        elements = [_elements(n) for n in variables]
        known = sum(e for e in elements if e is not None)
        yield f"\n{_count(len(variables), 'variable')}, {known:,} elements"
        yield from _indented(table([_node_row(n) for n in variables]), most)
    constants = sum(n.ByteSize() for n in nodes if n.op == "Const")
    if constants:
        yield f"\nconstants: {bytes_text(constants)}"
    yield "\noperations"
    counts = Counter(n.op for n in nodes)
    rows = table([[op, count, _note(op)] for op, count in counts.most_common()], right=[1])
    yield from (f"  {line}" for line in cut(rows.splitlines(), most))


# Nodes that nobody takes an input from, and that are no answers of a model.
_NOT_OUTPUTS = {"NoOp", "Assign", "SaveV2", "RestoreV2", "Const", "Placeholder", "VariableV2",
                "VarHandleOp", "AssignVariableOp", "MergeV2Checkpoints", "Assert",
                "VarIsInitializedOp"}


def _note(op):
    from pellucid.core.operation import find_type
    from pellucid.interchange.op_signatures import signature
    if find_type(op):
        return ""
    return "pellucid lacks it" if signature(op) else "not TensorFlow's"


def _node_row(node):
    from pellucid.cli.tables import shape_text
    from pellucid.interchange.tensors import proto_to_shape
    dims = None
    if "shape" in node.attr:
        dims = proto_to_shape(node.attr["shape"].shape)
    elif "_output_shapes" in node.attr and node.attr["_output_shapes"].list.shape:
        dims = proto_to_shape(node.attr["_output_shapes"].list.shape[0])
    type_ = next((node.attr[name].type for name in ("dtype", "T", "DstT") if name in node.attr), 0)
    return [node.name, node.op, _type_name(type_), shape_text(dims)]


def _elements(node):
    from pellucid.core.shapes import size
    from pellucid.interchange.tensors import proto_to_shape
    dims = proto_to_shape(node.attr["shape"].shape)
    return None if dims is None or None in dims else size(dims)


def _type_name(number):
    from pellucid.core.dtypes import as_dtype
    try:
        return as_dtype(number % 100).name if number else ""
    except TypeError:
        return f"type {number}"


# -- tensors -------------------------------------------------------------------------------

def _checkpoint(content, most):
    from pellucid.interchange.old_checkpoints import OldReader, open_checkpoint
    reader = open_checkpoint(content.path)
    old = isinstance(reader, OldReader)
    yield f"{content.path}: checkpoint of version {1 if old else 2}"
    yield from _tensor_lines([(name, reader.dtype(name), reader.shape(name))
                              for name in reader.names()], most)


def _safetensors(content, most):
    from pellucid.core.dtypes import of_numpy
    from pellucid.interchange.safetensors import load_file
    yield f"{content.path}: safetensors"
    yield from _tensor_lines([(name, of_numpy(array.dtype), array.shape)
                              for name, array in sorted(load_file(content.path).items())], most)


def _tensor_lines(tensors, most):
    from pellucid.cli.tables import bytes_text, shape_text, table
    from pellucid.core.shapes import size
    elements = sum(size(shape) for _, _, shape in tensors)
    total = sum(size(shape) * dtype.size for _, dtype, shape in tensors)
    yield f"{_count(len(tensors), 'tensor')}, {elements:,} elements, {bytes_text(total)}"
    rows = [[name, dtype.name, shape_text(shape),
             bytes_text(size(shape) * dtype.size) if dtype.size else ""]
            for name, dtype, shape in tensors]
    yield from _indented(table(rows, right=[3]), most)


# -- records -------------------------------------------------------------------------------

def _events(content, most):
    from pellucid.summary.event_file import summary_iterator
    seen, last, steps, count, other = Counter(), {}, set(), 0, Counter()
    problem = None
    try:
        for event in summary_iterator(content.path):
            count += 1
            kind = event.WhichOneof("what")
            if kind == "summary":
                steps.add(event.step)
                for value in event.summary.value:
                    seen[value.tag] += 1
                    last[value.tag] = event.step, value
            elif kind not in (None, "file_version"):
                other[kind] += 1
    except Exception as error:
        if not count:
            raise
        problem = error
    yield f"{content.path}: event file"
    yield f"{_count(count, 'event')}" + (
        f", steps {min(steps)} to {max(steps)}" if steps else "")
    for kind, number in sorted(other.items()):
        yield f"  {kind.replace('_', ' ')}: {number}"
    if seen:
        yield ""
        yield from _indented(_event_table(seen, last), most)
    if problem is not None:
        yield f"\nafter these: {problem}"


def _event_table(seen, last):
    from pellucid.cli.tables import table
    rows = []
    for tag in sorted(seen):
        step, value = last[tag]
        rows.append([tag, seen[tag], step, _value_text(value)])
    return table(rows, ["tag", "values", "last step", "last value"], right=[1, 2])


def _value_text(value):
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return f"{value.simple_value:.6g}"
    if kind == "histo":
        histo = value.histo
        return f"histogram of {histo.num:g} values from {histo.min:.4g} to {histo.max:.4g}"
    if kind == "image":
        return f"image, {value.image.height} x {value.image.width}"
    if kind == "audio":
        return f"audio, {value.audio.length_frames} frames"
    if kind == "tensor":
        plugin = value.metadata.plugin_data.plugin_name
        return f"tensor, {_type_name(value.tensor.dtype)}" + (f" ({plugin})" if plugin else "")
    return kind or "nothing"


def _records(content, most):
    from pellucid.cli.tables import bytes_text, table
    from pellucid.interchange.messages import message
    from pellucid.interchange.records import read_records
    count = total = 0
    features = {}
    for record in read_records(content.path):
        count += 1
        total += len(record)
        if count <= 100:
            try:
                example = message("Example").FromString(record)
            except Exception:
                continue
            for key, feature in example.features.feature.items():
                kind = feature.WhichOneof("kind") or "empty"
                features.setdefault(key, Counter())[kind.removesuffix("_list")] += 1
    yield f"{content.path}: record file"
    yield f"{_count(count, 'record')}, {bytes_text(total)}"
    if features:
        yield f"\nfeatures of the first {min(count, 100)} as tf.train.Example"
        yield from _indented(table([[key, ", ".join(kinds), sum(kinds.values())]
                                    for key, kinds in sorted(features.items())], right=[2]), most)


# -- shared --------------------------------------------------------------------------------

def _count(number, what):
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _indented(text, most=0):
    from pellucid.cli.tables import cut
    return (f"  {line}" for line in cut(text.splitlines(), most))


_LINES = {"GraphDef": _graph_def, "MetaGraph": _meta_graph, "SavedModel": _saved_model,
          "checkpoint": _checkpoint, "safetensors": _safetensors, "events": _events,
          "records": _records}
