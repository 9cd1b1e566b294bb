"""A GraphDef's nodes as operations of a graph.

The nodes may come in any order and from anybody: names, inputs, types and attributes are checked
before an operation is built, and building one does not run it. Read next: meta_graph.py.
"""

import re

from pellucid.core import dtypes, errors
from pellucid.core.collector import collector_paused
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor, find_type
from pellucid.core.tensor import Tensor
from pellucid.interchange.attributes import plain_default, read_attribute
from pellucid.interchange.functions import ROLES, Library
from pellucid.interchange.messages import message
from pellucid.interchange.old_control_flow import CONVERTED, convert
from pellucid.interchange.op_signatures import REQUIRED, signature

_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-/>]*$")
_REFUSED = {"PyFunc", "PyFuncStateless", "EagerPyFunc"}
# Attributes that say how TensorFlow's kernels compute, not what.
_HINTS = {"allowed_devices", "debug_name", "use_cudnn_on_gpu", "container", "shared_name",
          "grad_a", "grad_b", "grad_x", "grad_y", "use_inter_op_parallelism", "sloppy",
          "deterministic", "slack_period", "legacy_autotune", "parallel_copy"}
# The same, which only TensorFlow 2 knows.
_NEWER = {"metadata", "force_synchronous", "log_warning", "replicate_on_split", "is_files",
          "buffer_size_min", "use_unbounded_threadpool"}


def import_graph_def(graph_def, input_map=None, return_elements=None, name=None, op_dict=None,
                     producer_op_list=None):
    """Adds the nodes of a GraphDef to the default graph.

    Args:
      graph_def: GraphDef.
      input_map: {name in graph_def ("x", "x:0", "^x"): Tensor to use in its place}.
      return_elements: list of names in graph_def, "x" for operations and "x:0" for tensors.
      name: str, prefix of the names; "import" by default, "" for none.
      op_dict: not used, as in TensorFlow.
      producer_op_list: OpList, of the program that wrote the graph; attributes which pellucid
        does not know and whose value is their default there are left out.

    Returns:
      list of the return_elements, or None.

    Raises ValueError for a graph that is malformed, NotFoundError, for all of them at once,
    for operation types that pellucid does not have. As in TF: tf.import_graph_def.
    """
    if type(graph_def).DESCRIPTOR.full_name != "tensorflow.GraphDef":
        raise TypeError("graph_def must be a GraphDef proto.")
    if not isinstance(graph_def, message("GraphDef")):              # TensorFlow's own class
        graph_def = message("GraphDef").FromString(graph_def.SerializeToString())
    if input_map is not None and not (isinstance(input_map, dict)
                                      and all(isinstance(k, str) for k in input_map)):
        raise TypeError("Argument `input_map` must be a dictionary whose keys are strings.")
    if return_elements is not None and isinstance(return_elements, str):
        raise TypeError("Argument `return_elements` must be a list or tuple of strings.")
    library = Library(graph_def.library, _Importer)
    importer = _Importer(graph_def, input_map or {}, producer_op_list, library)
    importer.check_types([*graph_def.node, *library.types()])
    with collector_paused():
        if any(node.op in CONVERTED for node in graph_def.node):
            importer._check_nodes()
            graph_def = convert(graph_def)
            library = Library(graph_def.library, _Importer)
            importer = _Importer(graph_def, input_map or {}, producer_op_list, library)
        return importer.run(name, return_elements)


class _Importer:
    def __init__(self, graph_def, input_map, producer_op_list, library):
        self.graph_def, self.nodes, self.library = graph_def, {}, library
        self.given, self.used = input_map, set()
        self.producer = graph_def.versions.producer or graph_def.version
        self.defaults = {op.name: {a.name: a.default_value for a in op.attr
                                   if a.HasField("default_value")}
                         for op in (producer_op_list.op if producer_op_list else ())}
        self.ops = {}                           # node name -> Operation
        self.called = {}                        # name of a node that calls -> its outputs

    def run(self, name, return_elements, partly=False):
        """Builds the nodes; `partly`: not all that is in input_map need be used."""
        self._check_nodes()
        order = self._order()
        graph = get_default_graph()
        prefix = "import" if name is None else name
        with graph.name_scope(prefix or None) as scope:
            self.given = {key: convert_to_tensor(value) if not key.startswith("^") else value
                          for key, value in self.given.items()}
            with graph.control_dependencies(None), graph.name_scope(None):
                for node in order:
                    self._build(graph, node, scope)
        for node in order:
            self._connect_control(node)
        unused = [key for key in self.given if key not in self.used]
        if unused and not partly:
            raise ValueError("Attempted to map inputs that were not found in graph_def: "
                             f"[{', '.join(sorted(unused))}]")
        return None if return_elements is None else [self._element(e) for e in return_elements]

    # -- checks of the whole -------------------------------------------------------------------

    def _check_nodes(self):
        for node in self.graph_def.node:
            if not _NAME.match(node.name):
                raise ValueError(f"Node {node.name!r}: Node name contains invalid characters")
            if node.name in self.nodes:
                raise ValueError(f"Node {node.name!r} is not unique")
            self.nodes[node.name] = node

    def check_types(self, nodes):
        """Raises for the nodes of types that there are not, all of them at once."""
        unknown, refused = {}, []
        for node in nodes:
            if node.op in _REFUSED:
                refused.append(node.name)
            elif node.op in self.library.functions or node.op in CONVERTED:
                pass
            elif not _is_ours(node.op):
                unknown.setdefault(node.op, []).append(node.name)
        if refused:
            raise errors.InvalidArgumentError(
                None, None, f"{len(refused)} nodes call Python functions (py_func), which a "
                f"graph from a file may not; the first is {refused[0]!r}.")
        if unknown:
            lines = [f"  {op}: {len(names)} node{'s' * (len(names) > 1)}, the first is "
                     f"{names[0]!r}{_advice(op)}" for op, names in sorted(unknown.items())]
            raise errors.NotFoundError(
                None, None, f"{sum(map(len, unknown.values()))} nodes are of {len(unknown)} "
                "operation types that pellucid does not have:\n" + "\n".join(lines))

    def _order(self):
        """The nodes, each after those that it takes inputs from."""
        done, order = {}, []                        # name -> False while on the way, then True
        for first in self.graph_def.node:
            stack = [(first, iter(first.input))]
            if done.setdefault(first.name, False):
                continue
            while stack:
                node, inputs = stack[-1]
                for text in inputs:
                    source = parse_input(text)[0]
                    if source not in self.nodes or self._is_replaced(text):
                        continue                    # reported, or replaced, when it is built
                    state = done.get(source)
                    if state is False:
                        raise ValueError(
                            f"Node {node.name!r}: its input {text!r} depends on it: there is a "
                            "cycle. Graphs with the loops of TensorFlow's first control flow "
                            "(NextIteration) are not supported.")
                    if state is None:
                        done[source] = False
                        stack.append((self.nodes[source], iter(self.nodes[source].input)))
                        break
                else:
                    done[node.name] = True
                    order.append(node)
                    stack.pop()
        return order

    def _is_replaced(self, text):
        source, index = parse_input(text)
        keys = (f"^{source}",) if index is None else (
            (f"{source}:{index}", source) if index == 0 else (f"{source}:{index}",))
        return any(key in self.given for key in keys)

    # -- one node ------------------------------------------------------------------------------

    def _build(self, graph, node, scope):
        inputs = [self._tensor(node, text) for text in node.input if not text.startswith("^")]
        _check_count(node, inputs)
        if node.op in ROLES or node.op in self.library.functions:
            self._build_call(graph, node, inputs, scope)
            return
        attrs = self._attrs(node)
        op_class = find_type(node.op)
        if op_class.functions:
            try:
                attrs.update(self.library.graphs(node, op_class, attrs, inputs))
            except (ValueError, TypeError, LookupError) as error:
                raise ValueError(f"Node {node.name!r} ({node.op}): {error}") from error
        wanted = scope + node.name
        if graph._scope or "//" in wanted or wanted.endswith("/"):
            raise ValueError(f"Node {node.name!r}: Node name contains invalid characters")
        try:
            op = op_class(inputs, name=wanted + "/", **attrs)
        except (ValueError, TypeError) as error:
            raise ValueError(f"Node {node.name!r}: {error}") from None
        except (ArithmeticError, LookupError, AttributeError, MemoryError) as error:
            raise ValueError(f"Node {node.name!r} ({node.op}) cannot be built from what it says: "
                             f"{error!r}") from error
        graph._names_in_use.setdefault(op.name.lower(), 1)
        if node.device and not graph._devices:
            op.device = node.device
        if "_gradient_op_type" in node.attr:
            op._gradient_type = node.attr["_gradient_op_type"].s.decode(errors="replace")
        self.ops[node.name] = op

    def _build_call(self, graph, node, inputs, scope):
        """A node that calls functions: an If, a While, or a function under its name."""
        try:
            outputs = self.library.build(node, inputs, scope + node.name + "/")
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise ValueError(f"Node {node.name!r} ({node.op}): {error}") from error
        op = graph.get_operations()[-1]
        graph._names_in_use.setdefault(op.name.lower(), 1)
        self.ops[node.name], self.called[node.name] = op, outputs

    def _tensor(self, node, text):
        source, index = parse_input(text)
        for key in (f"{source}:{index}", source) if index == 0 else (f"{source}:{index}",):
            if key in self.given:
                self.used.add(key)
                return self.given[key]
        op = self.ops.get(source)
        if op is None:
            raise ValueError(f"Node {node.name!r}: Unknown input node {text!r}")
        if source in self.called and index < len(self.called[source]):
            return self.called[source][index]
        if index >= len(op.outputs):
            raise ValueError(f"Node {node.name!r}: Connecting to invalid output {index} of source "
                             f"node {source} which has {len(op.outputs)} outputs.")
        return op.outputs[index]

    def _connect_control(self, node):
        found = []
        for text in node.input:
            if not text.startswith("^"):
                continue
            if text in self.given:
                self.used.add(text)
                given = self.given[text]
                found.append(given.op if isinstance(given, Tensor) else given)
            elif text[1:] in self.ops:
                found.append(self.ops[text[1:]])
            else:
                raise ValueError(f"Node {node.name!r}: Unknown input node {text!r}")
        if found:
            self.ops[node.name].control_inputs = tuple(dict.fromkeys(found))

    def _attrs(self, node):
        """{name: value} of those attributes that the operation's class takes."""
        cls, declared = find_type(node.op), signature(node.op)
        if declared is None:
            return _own_attrs(node, cls)
        attrs = {}
        for name, (kind, default) in declared.attrs.items():
            ours = _OTHER_NAMES.get((node.op, name), name)
            if name not in node.attr:
                if ours in cls.attrs and default is not REQUIRED:
                    attrs[ours] = plain_default(kind, default)
                continue
            try:
                value = read_attribute(node.attr[name], kind)
            except (ValueError, TypeError, errors.InvalidArgumentError) as error:
                raise ValueError(f"Node {node.name!r} ({node.op}): attribute {name!r}: {error}"
                                 ) from None
            if ours in cls.attrs:
                attrs[ours] = value
            elif not _may_be_left_out(name, kind, value, default):
                raise ValueError(f"Node {node.name!r} ({node.op}): the attribute {name!r} is "
                                 f"{value!r}, which pellucid does not support.")
        self._check_unknown(node, declared)
        if node.op == "Placeholder" and self.producer < 24 and attrs.get("shape") == ():
            attrs["shape"] = None               # how "unknown" was written then
        return attrs

    def _check_unknown(self, node, declared):
        for name in node.attr:
            if name in declared.attrs or name in _NEWER or name.startswith("_"):
                continue
            default = self.defaults.get(node.op, {}).get(name)
            if default is None or default != node.attr[name]:
                raise ValueError(f"NodeDef mentions attr '{name}' not in Op {node.op}, at node "
                                 f"{node.name!r}.")

    def _element(self, text):
        if not isinstance(text, str):
            raise TypeError("Argument `return_elements` must be a list or tuple of strings, not "
                            f"{text!r}.")
        source, index = parse_input(text)
        if text in self.given:
            self.used.add(text)
            return self.given[text]
        if source in self.called and ":" in text and index < len(self.called[source]):
            return self.called[source][index]
        if source not in self.ops or (":" in text and index >= len(self.ops[source].outputs)):
            raise ValueError(f"Requested return_element {text!r} not found in graph_def.")
        return self.ops[source].outputs[index] if ":" in text else self.ops[source]


_OTHER_NAMES = {("Bitcast", "type"): "type_"}       # (op type, TensorFlow's name) -> ours


def _is_ours(op_type):
    op_class = find_type(op_type)
    return op_class is not None and op_class.__module__.startswith("pellucid.")


def _advice(op_type):
    if signature(op_type) is None:
        return " (not one of TensorFlow's types either, as far as we know)"
    return ""


def parse_input(text):
    """(node, output) of a node's input: ("x", 2) of "x:2"; ("x", 0) of "x"; ("x", None) of "^x"."""
    if text.startswith("^"):
        return text[1:], None
    name, colon, index = text.rpartition(":")
    if colon and index.isdecimal() and len(index) < 10:
        return name, int(index)
    return text, 0


def _check_count(node, inputs):
    """Raises ValueError unless there are as many inputs as the type takes, and those are data sets
    or lists that must be."""
    declared = signature(node.op)
    if declared is None:
        return
    wanted = 0
    for argument in declared.inputs:
        if argument.type == "variant" and inputs[wanted:] and (
                inputs[wanted].spec.dtype not in (dtypes.variant, None)):
            raise ValueError(f"Node {node.name!r} ({node.op}): its input {argument.name!r} must be "
                             f"of type variant, not {inputs[wanted].spec.dtype.name}.")
        if argument.number:
            wanted += node.attr[argument.number].i if argument.number in node.attr else 1
        elif argument.types:
            wanted += len(node.attr[argument.types].list.type) if (
                argument.types in node.attr) else 0
        else:
            wanted += 1
    if wanted != len(inputs):
        raise ValueError(f"NodeDef expected inputs of {wanted} tensors do not match "
                         f"{len(inputs)} inputs specified; at node {node.name!r} ({node.op}).")


def _own_attrs(node, cls):
    """Attributes of a type that TensorFlow does not have."""
    kinds = {bool: "bool", int: "int", float: "float", str: "string"}
    return {name: read_attribute(node.attr[name], kinds[type(default)])
            for name, default in cls.attrs.items()
            if name in node.attr and type(default) in kinds}


def _may_be_left_out(name, kind, value, default):
    if kind in ("type", "list(type)") or (kind == "int" and default is REQUIRED):
        return True                              # types and counts follow from the inputs
    if name in _HINTS:
        return True
    return default is not REQUIRED and value == plain_default(kind, default)
