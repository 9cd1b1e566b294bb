"""Graphs: names, scopes, collections, control edges, devices, looking things up."""

from ..harness import case, fed, in_turn, raised

# -------------------------------------------------------------------------------- names


@case
def default_names_count_up(tf):
    return [tf.constant(1), tf.constant(2), tf.constant(3), tf.zeros([1]), tf.zeros([1])]


@case
def names_are_unique_whatever_their_case(tf):
    x = tf.constant(1.0)
    return [x + x, x + x, tf.add(x, x), tf.add(x, x, name="ADD")]


@case
def a_given_name_is_kept_and_made_unique(tf):
    return [tf.constant(1, name="c"), tf.constant(2, name="c"), tf.constant(3, name="c_1")]


@case
def unique_name(tf):
    graph = tf.get_default_graph()
    return [graph.unique_name("a"), graph.unique_name("a"), graph.unique_name("A"),
            graph.unique_name("b", mark_as_used=False), graph.unique_name("b"),
            graph.unique_name("s/t"), graph.unique_name("s")]


@case
def unique_name_inside_a_scope(tf):
    graph = tf.get_default_graph()
    with tf.name_scope("s"):
        return [graph.unique_name("a"), graph.unique_name("a"), graph.unique_name("s")]


@case
def name_scopes_nest(tf):
    with tf.name_scope("outer"):
        a = tf.constant(1, name="a")
        with tf.name_scope("inner"):
            b = tf.constant(2, name="a")
        with tf.name_scope("inner"):
            c = tf.constant(3, name="a")
    return [a, b, c]


@case
def name_scope_gives_its_prefix(tf):
    with tf.name_scope("s") as first, tf.name_scope("t") as second:
        pass
    with tf.name_scope("s") as third:
        pass
    with tf.name_scope(first) as again:
        pass
    with tf.name_scope(None) as root, tf.name_scope("") as empty:
        pass
    return [first, second, third, again, root, empty]


@case
def name_scope_reentered_by_a_slash(tf):
    with tf.name_scope("s"):
        a = tf.constant(1, name="a")
    with tf.name_scope("s/"):
        b = tf.constant(2, name="a")
        with tf.name_scope("t"):
            c = tf.constant(3, name="a")
    with tf.name_scope("s"):
        d = tf.constant(4, name="a")
    return [a, b, c, d]


@case
def name_scope_none_goes_to_the_root(tf):
    with tf.name_scope("s"), tf.name_scope(None):
        return tf.constant(1, name="a")


@case
def name_scope_with_default_name_and_values(tf):
    x = tf.constant(1.0)
    with tf.name_scope(None, "f", [x]):
        a = tf.identity(x)
    with tf.name_scope("g", "f", [x]):
        b = tf.identity(x)
    with tf.name_scope(None, default_name="f", values=[x]):
        c = tf.identity(x)
    return [a, b, c]


@case
def graph_name_scope(tf):
    graph = tf.get_default_graph()
    with graph.name_scope("s") as scope:
        a = tf.constant(1, name="a")
        b = tf.constant(1, name=scope)
    return [a, b, scope, graph.get_name_scope()]


@case
def get_name_scope(tf):
    graph = tf.get_default_graph()
    with tf.name_scope("a"), tf.name_scope("b"):
        return graph.get_name_scope()


@case
def a_function_is_a_scope_with_its_result_named_after_it(tf):
    x = tf.constant([1.0, 2.0])
    with tf.name_scope("layer"):
        return [tf.reduce_mean(x), tf.nn.moments(x, [0], name="stats"),
                tf.nn.l2_normalize(x, 0), tf.clip_by_value(x, 0.0, 1.0)]


@case(each=["a b", "-a", "_a", "a/", "a:0", "é", "a.b", "a-b", "A", "1a", ".a"])
def which_names_are_allowed(tf, name):
    return tf.constant(1, name=name)


@case(each=["a b", "_a", "-a", "a/b", "é", "a:", "a.b-c/", "1"])
def which_scopes_are_allowed(tf, scope):
    with tf.name_scope(scope):
        return tf.constant(1, name="c")


# ------------------------------------------------------------------------------ lookups


@case
def elements_by_name(tf):
    graph = tf.get_default_graph()
    x = tf.constant([1.0], name="x")
    return [
        graph.get_tensor_by_name("x:0") is x,
        graph.get_operation_by_name("x") is x.op,
        graph.as_graph_element("x:0") is x,
        graph.as_graph_element("x") is x.op,
        graph.as_graph_element(x) is x,
        graph.as_graph_element(x.op) is x.op,
    ]


@case
def a_variable_as_graph_element(tf):
    v = tf.Variable([1.0], name="v")
    element = tf.get_default_graph().as_graph_element(v)
    return [element.name, element.dtype.base_dtype, element.op.type]


@case(each=["x", "x:0", "x:1", "y:0", "y", "", "x:zero", "x:0:0", ":0", "^x"])
def get_tensor_by_name(tf, name):
    tf.constant(1, name="x")
    return tf.get_default_graph().get_tensor_by_name(name).name


@case(each=["x", "x:0", "y", "", 3, None])
def get_operation_by_name(tf, name):
    tf.constant(1, name="x")
    return tf.get_default_graph().get_operation_by_name(name).name


@case(each=["x", "x:0", "x:7", "y", "y:0", 3, None, 2.5])
def as_graph_element(tf, name):
    tf.constant(1, name="x")
    return tf.get_default_graph().as_graph_element(name).name


@case
def as_graph_element_may_refuse_a_kind(tf):
    graph = tf.get_default_graph()
    x = tf.constant(1, name="x")
    return [
        graph.as_graph_element("x", allow_tensor=False) is x.op,
        graph.as_graph_element("x:0", allow_operation=False) is x,
        raised(lambda: graph.as_graph_element("x:0", allow_tensor=False)),
        raised(lambda: graph.as_graph_element("x", allow_operation=False)),
        raised(lambda: graph.as_graph_element(x, allow_tensor=False)),
        raised(lambda: graph.as_graph_element(x.op, allow_operation=False)),
    ]


@case
def get_operations_in_order_of_creation(tf):
    x = tf.placeholder(tf.float32, name="x")
    y = tf.identity(x, name="y")
    tf.add(x, y, name="z")
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def operations_behind_an_operator(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    x + 1
    2 * x
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def operations_behind_reductions(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    tf.reduce_sum(x)
    tf.reduce_mean(x, axis=1)
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def operations_behind_a_variable(tf):
    tf.Variable(tf.zeros([2]), name="v")
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def operations_behind_get_variable(tf):
    with tf.variable_scope("s"):
        tf.get_variable("v", [2], initializer=tf.zeros_initializer())
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


@case
def operations_behind_a_random_uniform(tf):
    tf.random_uniform([2, 3], -1.0, 1.0, name="u")
    return [(op.name, op.type) for op in tf.get_default_graph().get_operations()]


# --------------------------------------------------------------------------- operations


@case
def what_an_operation_knows(tf):
    graph = tf.get_default_graph()
    a = tf.constant([1.0, 2.0], name="a")
    b = tf.constant([3.0, 4.0], name="b")
    with tf.control_dependencies([a]):
        c = tf.multiply(b, b, name="c")
    op = c.op
    return {
        "name": op.name,
        "type": op.type,
        "inputs": [tensor.name for tensor in op.inputs],
        "count": len(op.inputs),
        "outputs": [tensor.name for tensor in op.outputs],
        "control": [before.name for before in op.control_inputs],
        "graph": op.graph is graph,
        "back": op.outputs[0] is c,
        "consumers": [user.name for user in b.consumers()],
        "T": op.get_attr("T"),
    }


@case
def attributes(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    product = tf.matmul(x, x, transpose_b=True).op
    total = tf.reduce_sum(x, 0, keepdims=True).op
    parts = tf.split(x, 3, axis=1)[0].op
    return [
        product.get_attr("transpose_a"), product.get_attr("transpose_b"),
        total.get_attr("keep_dims"), total.get_attr("Tidx"),
        parts.get_attr("num_split"), parts.get_attr("T"),
        x.op.get_attr("dtype"),
        raised(lambda: product.get_attr("nothing")),
    ]


@case
def tensors_of_an_operation_with_several_outputs(tf):
    values, indices = tf.nn.top_k(tf.constant([3.0, 1.0, 2.0]), 2)
    return [values.op is indices.op, values.value_index, indices.value_index,
            len(values.op.outputs), values, indices]


@case
def consumers_of_a_tensor(tf):
    x = tf.constant(1.0, name="x")
    tf.add(x, x, name="twice")
    tf.negative(x, name="minus")
    return [op.name for op in x.consumers()]


@case
def representations(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.int32, name="y")
    return [str(x), repr(x), str(y), repr(y), repr(x.op)]


@case
def representation_of_a_variable(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    return [repr(v), str(v)]


# ----------------------------------------------------------------------- several graphs


@case
def default_graph(tf):
    outer = tf.get_default_graph()
    inner = tf.Graph()
    with inner.as_default() as given:
        inside = tf.get_default_graph()
        x = tf.constant(1)
    return [outer is not inner, given is inner, inside is inner, x.graph is inner,
            tf.get_default_graph() is outer]


@case
def nested_default_graphs_come_back(tf):
    a, b = tf.Graph(), tf.Graph()
    seen = []
    with a.as_default():
        with b.as_default():
            seen.append(tf.get_default_graph() is b)
        seen.append(tf.get_default_graph() is a)
        with a.as_default():
            seen.append(tf.get_default_graph() is a)
    return seen


@case(graph=False)
def reset_default_graph(tf):
    tf.reset_default_graph()
    first = tf.get_default_graph()
    tf.constant(1, name="c")
    tf.reset_default_graph()
    second = tf.get_default_graph()
    return [first is second, len(second.get_operations()), tf.constant(1, name="c").name]


@case
def reset_default_graph_inside_a_graph(tf):
    tf.reset_default_graph()


@case
def the_graph_follows_the_inputs(tf):
    other = tf.Graph()
    with other.as_default():
        x = tf.constant(1)
    y = tf.add(x, x)
    return [y.graph is other, y.name]


@case
def inputs_of_two_graphs(tf):
    with tf.Graph().as_default():
        x = tf.constant(1)
    return x + tf.constant(1)


@case
def finalized_graph(tf):
    graph = tf.get_default_graph()
    before = graph.finalized
    x = tf.constant(1)
    graph.finalize()
    return [before, graph.finalized, raised(lambda: tf.constant(2)), raised(lambda: x + x)]


@case
def version_counts_operations(tf):
    graph = tf.get_default_graph()
    before = graph.version
    tf.constant(1)
    return [before, graph.version]


# -------------------------------------------------------------------------- collections


@case
def collections(tf):
    graph = tf.get_default_graph()
    tf.add_to_collection("mine", 1)
    graph.add_to_collection("mine", 2)
    graph.add_to_collections(["mine", "yours"], 3)
    return [tf.get_collection("mine"), tf.get_collection("yours"),
            tf.get_collection("none"),
            sorted(graph.get_all_collection_keys())]


@case
def get_collection_copies_and_ref_does_not(tf):
    tf.add_to_collection("c", 1)
    tf.get_collection("c").append(2)
    tf.get_collection_ref("c").append(3)
    return tf.get_collection("c")


@case
def get_collection_by_scope(tf):
    with tf.name_scope("a"):
        x = tf.constant(1, name="x")
    y = tf.constant(2, name="ba")
    for item in (x, y, 3):
        tf.add_to_collection("c", item)
    return [[getattr(item, "name", item) for item in tf.get_collection("c", scope)]
            for scope in (None, "a", "a/", "b", ".*a", "z")]


@case
def clear_collection(tf):
    graph = tf.get_default_graph()
    tf.add_to_collection("c", 1)
    graph.clear_collection("c")
    graph.clear_collection("never")
    return tf.get_collection("c")


@case
def graph_keys(tf):
    keys = tf.GraphKeys
    return [keys.GLOBAL_VARIABLES, keys.LOCAL_VARIABLES, keys.MODEL_VARIABLES,
            keys.TRAINABLE_VARIABLES, keys.SUMMARIES, keys.REGULARIZATION_LOSSES,
            keys.UPDATE_OPS, keys.LOSSES, keys.GLOBAL_STEP, keys.TRAIN_OP, keys.INIT_OP,
            keys.QUEUE_RUNNERS, keys.MOVING_AVERAGE_VARIABLES, keys.TABLE_INITIALIZERS,
            keys.ASSET_FILEPATHS, keys.SAVERS, keys.WEIGHTS, keys.BIASES, keys.ACTIVATIONS,
            keys.CONCATENATED_VARIABLES, keys.READY_OP, keys.LOCAL_INIT_OP,
            keys.COND_CONTEXT, keys.WHILE_CONTEXT, keys.EVAL_STEP]


@case
def variables_are_collected(tf):
    a = tf.Variable(1.0, name="a")
    b = tf.Variable(1.0, trainable=False, name="b")
    c = tf.Variable(1.0, collections=[tf.GraphKeys.LOCAL_VARIABLES], name="c")
    d = tf.get_variable("d", [], collections=["own"])
    names = [[v.name for v in listed()] for listed in (
        tf.global_variables, tf.trainable_variables, tf.local_variables,
        tf.model_variables, tf.moving_average_variables)]
    return [names, [v.name for v in tf.get_collection("own")], a.name, b.name, c.name,
            d.name]


@case
def variables_by_scope(tf):
    with tf.variable_scope("a"):
        tf.get_variable("v", [1])
    with tf.variable_scope("ab"):
        tf.get_variable("v", [1])
    return [[v.name for v in tf.global_variables(scope)] for scope in ("a", "a/", "b",
                                                                       ".*b")]


@case
def all_variables_is_the_old_name(tf):
    tf.Variable(1.0, name="a")
    return [v.name for v in tf.all_variables()]


# ------------------------------------------------------------------------ control edges


@case
def control_dependencies_order_the_run(tf):
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        w = tf.identity(v.read_value())
    return w


@case
def control_inputs_of_operations(tf):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    graph = tf.get_default_graph()
    with tf.control_dependencies([a]):
        c = tf.constant(3, name="c")
        with graph.control_dependencies([b.op]):
            d = tf.constant(4, name="d")
            with tf.control_dependencies(None):
                e = tf.constant(5, name="e")
                with tf.control_dependencies([c]):
                    f = tf.constant(6, name="f")
    return [[op.name for op in tensor.op.control_inputs] for tensor in (c, d, e, f)]


@case
def a_control_edge_onto_an_input_is_dropped(tf):
    a = tf.constant(1, name="a")
    with tf.control_dependencies([a]):
        b = tf.identity(a, name="b")
        c = tf.negative(b, name="c")
    return [[op.name for op in tensor.op.control_inputs] for tensor in (b, c)]


@case
def control_dependencies_do_not_reach_ops_made_before(tf):
    v = tf.Variable(1.0, name="v")
    x = tf.constant(3.0)
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        y = x
    return in_turn(y, v)


@case
def control_dependencies_on_a_variable_and_slices(tf):
    v = tf.Variable(1.0, name="v")
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    with tf.control_dependencies([v, slices]):
        x = tf.constant(1.0)
    return [op.name for op in x.op.control_inputs]


@case(each=[3, "nothing", 2.5])
def control_dependencies_on_nonsense(tf, what):
    with tf.control_dependencies([what]):
        return tf.constant(1)


@case
def control_dependencies_by_name(tf):
    tf.constant(1, name="a")
    with tf.control_dependencies(["a"]):
        b = tf.constant(2, name="b")
    return [[op.name for op in b.op.control_inputs], b]


@case
def group_runs_all(tf):
    v, w = tf.Variable(1.0), tf.Variable(2.0)
    both = tf.group(tf.assign(v, 3.0), tf.assign(w, 4.0), name="both")
    return in_turn(both, [v, w])


@case
def group_of_nothing(tf):
    return [tf.group(), tf.group(name="g"), tf.no_op(), tf.no_op(name="n")]


@case
def group_of_lists(tf):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    op = tf.group([a, b], a)
    return [op.name, op.type, [before.name for before in op.control_inputs]]


@case(each=[3, "a"])
def group_of_nonsense(tf, what):
    return tf.group(what)


@case
def tuple_waits_for_all(tf):
    a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    both = tf.tuple([a, b], name="both")
    return [both, [op.name for op in both[0].op.control_inputs]]


@case
def tuple_keeps_none(tf):
    a = tf.constant(1, name="a")
    return tf.tuple([a, None])


@case
def tuple_with_control_inputs(tf):
    v = tf.Variable(1.0)
    a = tf.constant(1.0)
    (waited,) = tf.tuple([a], control_inputs=[tf.assign(v, 2.0)])
    return in_turn(waited, v)


@case
def tuple_of_nothing(tf):
    return tf.tuple([])


@case
def with_dependencies_by_assert(tf):
    x = tf.placeholder(tf.float32, [])
    with tf.control_dependencies([tf.Assert(x > 0, [x])]):
        y = tf.identity(x)
    return fed(y, {x: 1.0})


# -------------------------------------------------------------------- devices and seeds


@case
def device_is_recorded(tf):
    with tf.device("/cpu:0"):
        a = tf.constant(1)
        with tf.device("/device:GPU:1"):
            b = tf.constant(2)
        with tf.device(None):
            c = tf.constant(3)
    d = tf.constant(4)
    return [tensor.device for tensor in (a, b, c, d)]


@case
def device_parts_are_merged(tf):
    with tf.device("/job:worker/task:1"), tf.device("/cpu:0"):
        return tf.constant(1).device


@case
def graph_device_and_functions(tf):
    def choose(op):
        return "/gpu:0" if op.type == "Neg" else "/cpu:0"

    x = tf.constant(1)
    with tf.get_default_graph().device(choose):
        return [tf.negative(x).device, tf.identity(x).device]


@case(each=["nonsense", "/cpu:x", "/job"])
def device_that_cannot_be_parsed(tf, device):
    with tf.device(device):
        return tf.constant(1)


@case
def colocate_with(tf):
    a = tf.constant(1, name="a")
    with tf.colocate_with(a):
        b = tf.constant(2, name="b")
    return [b.op.colocation_groups(), a.op.colocation_groups()]


@case
def graph_seed(tf):
    graph = tf.get_default_graph()
    before = graph.seed
    tf.set_random_seed(7)
    return [before, graph.seed]


@case
def get_seed(tf):
    from_graph = [tf.get_seed(None), tf.get_seed(3), tf.get_seed(0)]
    tf.set_random_seed(7)
    return [from_graph, tf.get_seed(None), tf.get_seed(3), tf.get_seed(None),
            tf.get_seed(0)]
