"""The face: every public room answers to its name, in whichever order things are imported."""

import json
import subprocess
import sys

import pytest

ORDERS = [
    "import pellucid.layers.core; import pellucid as tf; tf.layers.dense; tf.losses.log_loss",
    "import pellucid.contrib.layers; import pellucid as tf; tf.layers.dense; tf.contrib.slim",
    "import pellucid as tf; tf.contrib.layers.xavier_initializer; tf.layers.dense; tf.viz.draw",
    "import pellucid as tf; tf.metrics.accuracy; tf.distributions.Normal; tf.losses.get_losses",
    "import pellucid.metrics; import pellucid as tf; tf.metrics.mean; tf.nn.conv2d; tf.GraphDef",
]


@pytest.mark.parametrize("program", ORDERS)
def test_rooms_in_any_order(program):
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_does_not_exist_is_an_attribute_error():
    import pellucid as tf
    for module in (tf, tf.layers, tf.losses):
        with pytest.raises(AttributeError, match="nonsense"):
            module.nonsense
    assert {"layers", "viz", "GraphDef", "matmul"} <= set(dir(tf))


def _run(program):
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True,
                          text=True)
    return json.loads(done.stdout)


SHOW = "; import sys, json; print(json.dumps(sorted(sys.modules)))"


def test_what_the_import_brings_in():
    """Counted, since time depends on who else is at work; at 150 modules it was 0.1 s."""
    modules = set(_run("import pellucid" + SHOW)) - set(_run("import numpy, ml_dtypes" + SHOW))
    ours = {name for name in modules if name.startswith("pellucid")}
    assert len(ours) < 100, sorted(ours)
    assert modules - ours <= {"copy", "gc", "importlib._abc", "importlib.util", "pkgutil",
                              "threading"}


def test_what_a_small_program_brings_in():
    program = """
import pellucid as tf
x, y = tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None])
w = tf.Variable(tf.random_normal([4, 2]))
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
    labels=y, logits=tf.nn.relu(tf.matmul(x, w))))
train = tf.train.AdamOptimizer().minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(train, {x: [[1, 2, 3, 4]], y: [1]})
"""
    ours = [name for name in _run(program + SHOW[2:]) if name.startswith("pellucid")]
    assert len(ours) < 140, ours


LATE = {
    "the gradient of cond": """
x = tf.constant(2.0)
g = tf.gradients(tf.cond(x > 1, lambda: x * x, lambda: x), x)[0]
print(float(tf.Session().run(g)))""",
    "the gradient of a loop": """
x = tf.constant(2.0)
y = tf.while_loop(lambda i, a: i < 2, lambda i, a: (i + 1, a * x), [0, x])[1]
print(float(tf.Session().run(tf.gradients(y, x)[0])) / 3)""",
    "types in a GraphDef": """
with tf.Graph().as_default() as graph:
    tf.image.resize_bilinear(tf.ones([1, 2, 2, 1]), [4, 4], name="large")
    text = graph.as_graph_def().SerializeToString()
import subprocess, sys
program = f'''
import pellucid as tf
large = tf.import_graph_def(tf.GraphDef.FromString({text!r}), return_elements=["large:0"])[0]
print(tf.Session().run(large).mean() * 4)'''
subprocess.run([sys.executable, "-c", program], check=True)""",
    "resource variables": """
v = tf.get_variable("v", initializer=1.0, use_resource=True)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    print(float(session.run(tf.assign_add(v, 3.0))))""",
    "another engine": """
print(float(tf.Session(engine="walk").run(tf.constant(4.0))))""",
}


@pytest.mark.parametrize("what", LATE)
def test_what_is_imported_on_first_use(what):
    assert _run("import pellucid as tf" + LATE[what]) == 4


def test_namespaces_stay():
    import pellucid as tf
    import pellucid.nn.dropout
    assert tf.nn.__name__ == "pellucid.api.nn" and callable(tf.nn.dropout)
    with pytest.raises(AttributeError, match="tf.nn is a namespace"):
        tf.nn = 1
