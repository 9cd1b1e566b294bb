"""What the page is told of a program: text, errors with the reader's lines, checks, pictures."""

import json
import subprocess
import sys
import textwrap

import numpy as np

from pellucid.core import gradients
from pellucid.play.answers import MOST_PRINTED, Answers
from pellucid.play.room import Room


class Page:
    """Asks as the page does, and keeps what is sent meanwhile."""

    def __init__(self):
        self.answers, self.sent = Answers(), []

    def run(self, code, **question):
        self.sent.clear()
        return self.answers.run({"code": textwrap.dedent(code), **question},
                                lambda kind, message: self.sent.append((kind, message)))


def test_text_and_the_value_of_the_last_line():
    page = Page()
    answer = page.run("print('a')\n1 + 1")
    assert answer["ok"] and answer["text"] == "a\n2\n" and answer["value"] == "2"
    assert "".join(m["text"] for kind, m in page.sent if kind == "stdout") == "a\n2\n"
    assert answer["error"] is None and answer["line"] is None and answer["check"] is None
    json.dumps(answer)


def test_an_error_shows_the_readers_lines_alone():
    answer = Page().run("""\
        import pellucid as tf
        def build():
            return tf.matmul(tf.zeros([2, 3]), tf.zeros([2, 3]))
        build()
    """, name="mine")
    assert not answer["ok"] and answer["line"] == 3
    assert answer["error"]["type"] == "ValueError" and answer["error"]["stage"] == "program"
    files = [line for line in answer["error"]["text"].splitlines() if "File" in line]
    assert [line.split(",")[0].strip() for line in files] == ['File "<mine>"'] * 2


def test_an_error_of_syntax_has_its_line():
    answer = Page().run("x = 1\ny = = 2\n")
    assert (answer["error"]["type"], answer["line"]) == ("SyntaxError", 2)


def test_a_program_returns_to_what_stood_above_it():
    page = Page()
    page.run("x = 1", name="first", before="")
    page.run("x = x + 1", name="second", before="first")
    page.run("x = x + 1\nx", name="second", before="first")
    assert page.run("x", name="third", before="second")["value"] == "2"
    assert page.run("x", name="first", before="")["error"]["type"] == "NameError"


def test_functions_meet_the_names_of_their_place():
    page = Page()
    page.run("y = 1\ndef f():\n    return y", name="first", before="")
    page.run("y = 2", name="second", before="first")
    assert page.run("f()", name="other", before="first")["value"] == "1"


def test_an_exercise_leaves_everything_as_it_was():
    page = Page()
    page.run("import pellucid as tf\nx = 1\ntf.constant(1.0)", name="first", before="")
    answer = page.run("x = 5\nlen(tf.get_default_graph().get_operations())", isCopy=True,
                      before="first", check="assert x == 5, 'x'")
    assert answer["ok"] and answer["check"]["passed"] and answer["value"] == "0"
    assert page.run("x, len(tf.get_default_graph().get_operations())")["value"] == "(1, 1)"


def test_a_failed_check_has_a_message_and_a_hint():
    answer = Page().run("x = 1", check="assert x == 2, 'x should be 2'", hints="""\
def hint(names, error):
    return f"{names['x']} is one too few" """)
    assert not answer["ok"] and answer["error"]["stage"] == "check"
    assert answer["check"] == {"passed": False, "message": "x should be 2",
                               "hint": "1 is one too few"}


def test_a_hint_for_a_program_that_fails():
    answer = Page().run("x = 1 / 0", check="", hints="def hint(names, error): return 'divide'")
    assert answer["error"]["stage"] == "program" and answer["check"]["hint"] == "divide"


def test_pictures_of_values():
    page = Page()
    page.run("import pellucid as tf\ntf.constant(1.0, name='c') * 2.0")
    (_, message), = [item for item in page.sent if item[0] == "display"]
    assert message["kind"] == "graph" and json.loads(message["data"])["nodes"]
    page.run("import numpy as np\nnp.eye(4)")
    (_, message), = [item for item in page.sent if item[0] == "display"]
    assert message["kind"] == "array" and message["data"]["values"] == np.eye(4).tolist()
    page.run("display(1, 2)")
    assert page.answers.room.names["display"]
    assert [item for item in page.sent if item[0] == "display"] == []


def test_endless_printing_is_cut():
    page = Page()
    answer = page.run(f"for i in range({MOST_PRINTED}):\n    print('line', i)")
    assert len(answer["text"]) < MOST_PRINTED + 100 and answer["text"].endswith("… and more\n")
    assert len(page.sent) < 1000


def test_interruption_and_exit():
    assert Page().run("raise KeyboardInterrupt")["error"]["stage"] == "stopped"
    assert Page().run("raise SystemExit(3)")["error"]["type"] == "SystemExit"


def test_fresh_programs_share_nothing():
    page = Page()
    page.run("x = 1")
    assert page.run("x", fresh=True)["error"]["type"] == "NameError"


def test_functions_for_the_page():
    versions = Answers().call({"name": "versions", "argument": None}, None)
    assert versions["numpy"] == np.__version__


def test_pellucid_needs_numpy_alone():
    """In the page there is neither ml_dtypes nor protobuf nor google-crc32c nor tqdm."""
    program = """
    import sys
    for name in ("ml_dtypes", "google", "google_crc32c", "tqdm", "scipy", "matplotlib"):
        sys.modules[name] = None
    import pellucid as tf
    import pellucid.play.answers
    x = tf.placeholder(tf.float32, [2])
    loss = tf.reduce_sum(tf.square(x * tf.Variable([1.0, 2.0])))
    train = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train, {x: [1.0, 2.0]})
    tf.viz.trace(loss, {x: [1.0, 2.0]})
    assert tf.float16.max == 65504
    try:
        tf.zeros([2], tf.bfloat16)
    except TypeError as error:
        print(error)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)],
                          capture_output=True, text=True)
    assert done.stdout.startswith("bfloat16 needs the package ml_dtypes"), done.stderr


def test_a_gradient_that_the_library_imports_meanwhile_stays(monkeypatch):
    gradients.load_until("Square", gradients._gradients)
    function, known = gradients._gradients["Square"], {}
    monkeypatch.setattr(gradients, "_gradients", known)
    room = Room()
    with room.copy():
        known["Square"] = function
    assert known == {"Square": function}
    known.clear()
    room.names["import_late"] = lambda: known.update(Square=function)
    room.execute("import_late()", "program")
    room.execute("1", "program")
    assert known == {"Square": function}
