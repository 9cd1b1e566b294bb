"""pellucid run: the program cannot tell, except by what it computes with."""

import subprocess
import sys

import pytest


@pytest.fixture
def run(tmp_path):
    """run(text, *arguments): the text as a program under `pellucid run`, finished."""
    def run(text, *arguments, before=(), as_module=False, **options):
        (tmp_path / "program.py").write_text(text)
        program = ["-m", "program"] if as_module else ["program.py"]
        return subprocess.run(
            [sys.executable, "-m", "pellucid", "run", *before, *program, *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False, **options)
    return run


IMPORTS = """
import tensorflow
import tensorflow as tf
import tensorflow.compat.v1 as tf1
import tensorflow.contrib.layers as layers
from tensorflow.contrib import slim
from tensorflow.contrib.layers.python.layers import batch_norm
from tensorflow.core.framework import graph_pb2
from tensorflow.examples.tutorials.mnist import input_data
from tensorflow.nn import relu
from tensorflow.python.client import device_lib
from tensorflow.python.framework import ops, tensor_shape
from tensorflow.python.ops import array_ops, gen_nn_ops, math_ops
import tensorflow.python.util.tf_inspect as tf_inspect
import pellucid

assert tf1 is tf is tensorflow and tf.__name__ == "tensorflow"
assert tf.__version__ == tf.VERSION and tf.VERSION.startswith("1.15")
assert tf.Session is pellucid.Session and relu is tf.nn.relu is pellucid.nn.relu
assert slim is tf.contrib.slim and layers.batch_norm is batch_norm
assert graph_pb2.GraphDef is tf.GraphDef
assert input_data.read_data_sets
assert ops.RegisterGradient is tf.RegisterGradient and math_ops.add is tf.add
assert array_ops.zeros is tf.zeros and tensor_shape.scalar().as_list() == []
assert len(device_lib.list_local_devices()) == 1 and tf_inspect.isclass(tf.Session)
op = gen_nn_ops._relu_grad(tf.constant([1.]), tf.constant([-1.]))
assert op.op.type == "ReluGrad" and tf.Session().run(op) == [0.]
print("all there")
"""


def test_every_way_to_import(run):
    done = run(IMPORTS)
    assert done.stdout == "all there\n", done.stderr


PLACE = """
import os, sys
print(sys.argv, __name__, __file__, os.getcwd(), sys.stdin.read(), sys.modules["__main__"].here)
"""


def test_arguments_directory_and_input_are_the_programs_own(run, tmp_path):
    done = run("here = 1\n" + PLACE, "--help", "-m", "x", input="typed")
    assert done.stdout == (f"['program.py', '--help', '-m', 'x'] __main__ program.py {tmp_path} "
                           "typed 1\n"), done.stderr
    done = run("here = 2\n" + PLACE, "-x", input="typed", as_module=True)
    assert done.stdout == (f"['{tmp_path}/program.py', '-x'] __main__ {tmp_path}/program.py "
                           f"{tmp_path} typed 2\n"), done.stderr


def test_exit_codes(run):
    assert run("").returncode == 0
    assert run("import sys; sys.exit(7)").returncode == 7
    assert run("1 / 0").returncode == 1
    assert run("import os, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
               "os.kill(os.getpid(), signal.SIGINT)").returncode == -2
    said = run("raise SystemExit('no more')")
    assert (said.returncode, said.stderr) == (1, "no more\n")


def test_tracebacks_show_the_program_only(run):
    done = run("def f():\n    raise ValueError('mine')\n\nf()\n")
    assert done.stderr == (
        'Traceback (most recent call last):\n  File "program.py", line 4, in <module>\n'
        '    f()\n  File "program.py", line 2, in f\n    raise ValueError(\'mine\')\n'
        'ValueError: mine\n')
    assert 'File "program.py", line 1' in run("print 'two'").stderr


@pytest.mark.parametrize("program, says", [
    ("import tensorflow as tf; tf.nn.conv9d", "pellucid has no tf.nn.conv9d; nearest: tf.nn.conv"),
    ("from tensorflow.nn import conv9d", "pellucid has no tf.nn.conv9d; nearest: tf.nn.conv"),
    ("import tensorflow.contrib.eager", "tf.contrib.eager is not part of pellucid: pellucid build"),
    ("import tensorflow as tf; tf.enable_eager_execution()",
     "tf.enable_eager_execution is not part of pellucid: pellucid builds graphs"),
    ("from tensorflow.contrib import gan", "tf.contrib.gan is not part of pellucid"),
    ("import tensorflow as tf; tf.linalg.Nonsense", "pellucid has no tf.linalg.Nonsense"),
])
def test_a_missing_symbol_says_what_it_would_need(run, program, says):
    done = run(program)
    assert done.returncode == 1
    assert says in done.stderr.splitlines()[-1]
    assert "pellucid/cli" not in done.stderr and "pellucid/names" not in done.stderr


def test_other_engines(run):
    program = "import tensorflow as tf; print(tf.Session().run(tf.constant(3)))"
    assert run(program, before=["--engine", "walk"]).stdout == "3\n"
    assert "Unknown engine 'warp'" in run(program, before=["--engine", "warp"]).stderr


def test_without_a_program():
    done = subprocess.run([sys.executable, "-m", "pellucid", "run", "nowhere.py"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "nowhere.py" in done.stderr
