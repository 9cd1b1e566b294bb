"""Damages files of every kind that pellucid reads, and reads them.

    python -m tests.interchange.fuzz 10000          how many files; a seed may follow

Each is a whole file with bits flipped, bytes replaced, parts cut out, doubled or put in from
elsewhere, or its end cut off; of some the checksums are made right again, so that what lies
behind them is reached. Reading one may give a value or a clear error, within a few seconds and a
bounded memory: anything else is reported, with the file.
"""

import collections
import contextlib
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

import numpy as np

import pellucid as tf
from pellucid.interchange import safetensors
from pellucid.interchange.checksum import masked_crc32c
from pellucid.interchange.records import framed, read_records

FILES = Path(__file__).parents[1] / "files"
SECONDS = 20
# What a reader may raise. Building a graph raises ValueError and TypeError, as in TensorFlow.
CLEAR = (tf.errors.OpError, ValueError, TypeError, OSError, RuntimeError, KeyError)


# -- whole files ---------------------------------------------------------------------------

def whole_files(folder):
    """{label: (bytes, file name, function that reads a path)}."""
    training = training_graph(folder)
    found = {
        "frozen graph": ((FILES / "frozen_cnn.pb").read_bytes(), "g.pb", import_graph),
        "training graph": (training, "g.pb", import_graph),
        "old training graph": (old_training(), "g.pb", import_graph),
        "text graph": (text_of(training), "g.pbtxt", import_text),
        "meta graph": ((folder / "net.meta").read_bytes(), "net.meta", import_meta),
        "checkpoint index": ((folder / "net.index").read_bytes(), "net.index", read_checkpoint),
        "checkpoint data": ((folder / "net.data-00000-of-00001").read_bytes(),
                            "net.data-00000-of-00001", read_checkpoint),
        "parts index": ((FILES / "v2.index").read_bytes(), "v2.index", read_parts),
        "old checkpoint": ((FILES / "v1").read_bytes(), "v1", read_old),
        "checkpoint state": ((folder / "checkpoint").read_bytes(), "checkpoint", read_state),
        "saved model": ((FILES / "saved_model" / "saved_model.pb").read_bytes(),
                        "model/saved_model.pb", load_model),
        "events": (next((FILES / "events").iterdir()).read_bytes(), "events.out.tfevents.1",
                   read_events),
        "records": (records(""), "r", read_plain), "zlib": (records("ZLIB"), "r", read_zlib),
        "gzip": (records("GZIP"), "r", read_gzip),
    }
    with contextlib.suppress(ImportError):
        safetensors.save_file({"a": np.ones((3, 4)), "b": np.arange(5)},
                              folder / "net.safetensors")
        found["safetensors"] = ((folder / "net.safetensors").read_bytes(), "x.safetensors",
                                safetensors.load_file)
    return found


def training_graph(folder):
    """A GraphDef of a small net with its gradients and Adam; leaves a checkpoint."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 8, 8, 1], name="x")
        w = tf.get_variable("w", initializer=tf.ones([3, 3, 1, 2]))
        hidden = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")),
                                [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
        flat = tf.reshape(hidden, [-1, 32])
        logits = tf.matmul(flat, tf.get_variable("v", initializer=tf.ones([32, 3])))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.zeros([tf.shape(x)[0]], tf.int32), logits=logits))
        tf.summary.scalar("loss", loss)
        tf.get_variable("words", initializer=tf.constant(["a", "bc"]), trainable=False)
        tf.train.AdamOptimizer().minimize(loss, tf.train.get_or_create_global_step())
        session.run(tf.global_variables_initializer())
        tf.train.Saver().save(session, str(folder / "net"))
        return graph.as_graph_def().SerializeToString()


def old_training():
    """A GraphDef of TensorFlow 1 with the gradients of a loop that has a branch in it."""
    recorded = np.load(Path(__file__).parent / "recorded" / "old_training.npz")
    return recorded["branch_in_loop/graph"].tobytes()


def text_of(data):
    from google.protobuf import text_format
    return text_format.MessageToString(tf.GraphDef.FromString(data)).encode()


def records(kind):
    path = os.path.join(tempfile.gettempdir(), f"pellucid-fuzz-{os.getpid()}")
    with tf.io.TFRecordWriter(path, kind or None) as writer:
        for i in range(5):
            feature = tf.train.Feature(float_list=tf.train.FloatList(value=range(i)))
            writer.write(tf.train.Example(features=tf.train.Features(
                feature={"x": feature})).SerializeToString())
    data = Path(path).read_bytes()
    os.remove(path)
    return data


# -- readers -------------------------------------------------------------------------------

def import_graph(path):
    tf.import_graph_def(tf.GraphDef.FromString(Path(path).read_bytes()), name="")


def import_text(path):
    from pellucid.interchange.messages import parse_text
    tf.import_graph_def(parse_text("GraphDef", Path(path).read_bytes().decode(
        "utf-8", "replace"), path), name="")


def import_meta(path):
    saver = tf.train.import_meta_graph(path)
    if saver is not None and os.path.exists(path[:-5] + ".index"):
        with tf.Session() as session:
            saver.restore(session, path[:-5])


def read_checkpoint(path):
    reader = tf.train.NewCheckpointReader(os.path.join(os.path.dirname(path), "net"))
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)


def read_parts(path):
    reader = tf.train.NewCheckpointReader(os.path.join(os.path.dirname(path), "v2"))
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)


def read_old(path):
    reader = tf.train.NewCheckpointReader(path)
    for name in reader.get_variable_to_shape_map():
        reader.get_tensor(name)


def read_state(path):
    tf.train.latest_checkpoint(os.path.dirname(path))
    tf.train.get_checkpoint_state(os.path.dirname(path))


def load_model(path):
    with tf.Session() as session:
        tf.saved_model.load(session, ["serve"], os.path.dirname(path))


def read_events(path):
    for event in tf.train.summary_iterator(path):
        if event.graph_def:
            tf.GraphDef.FromString(event.graph_def)


def read_plain(path, kind=""):
    x = tf.placeholder(tf.string, [])
    parsed = tf.parse_single_example(x, {"x": tf.VarLenFeature(tf.float32)})
    with tf.Session() as session:
        for record in read_records(path, kind):
            session.run(parsed, {x: record})


def read_zlib(path):
    read_plain(path, "ZLIB")


def read_gzip(path):
    read_plain(path, "GZIP")


# -- damage --------------------------------------------------------------------------------

def damaged(random, data, label, others):
    """A damaged copy of a file's bytes."""
    data = bytearray(data)
    for _ in range(random.randint(1, 4)):
        kind = random.randint(8)
        at = random.randint(len(data) + 1) if data else 0
        size = int(2 ** random.uniform(0, 8))
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << random.randint(8)
        elif kind == 1 and data:
            data[at % len(data)] = random.choice([0, 1, 0x7F, 0x80, 0xFF, random.randint(256)])
        elif kind == 2:
            del data[at:at + size]
        elif kind == 3:
            data[at:at] = data[at:at + size]
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            other = others[random.randint(len(others))]
            start = random.randint(len(other))
            data[at:at] = other[start:start + size]
        elif kind == 6:                                   # a length, or a number, gone wild
            data[at:at + 1] = b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f"[random.randint(9):]
        else:
            data[at:at + size] = random.bytes(size)
    if random.randint(2):
        mended = _mended(bytes(data), label)
        return bytes(data) if mended is None else mended
    return bytes(data)


# -- damage that keeps the form ------------------------------------------------------------

_MESSAGES = {"frozen graph": "GraphDef", "training graph": "GraphDef",
             "old training graph": "GraphDef", "text graph": "GraphDef",
             "meta graph": "MetaGraphDef", "saved model": "SavedModel"}
_TABLES = ("checkpoint index", "parts index", "old checkpoint")
_NUMBERS = (0, 1, -1, 2, 3, 7, 14, 20, 100, 1 << 20, 1 << 31, -(1 << 31), 1 << 40, (1 << 62) + 1)


def shaken(random, data, label):
    """A file of the same form with some fields changed, or None for kinds without a form."""
    if label in _TABLES:
        return _shaken_table(random, data)
    if label not in _MESSAGES:
        return None
    from google.protobuf import text_format

    from pellucid.interchange.messages import message
    proto = message(_MESSAGES[label])()
    if label == "text graph":
        text_format.Parse(data.decode(), proto)
    else:
        proto.ParseFromString(data)
    graph = proto if label.endswith("graph") and label != "meta graph" else (
        proto.graph_def if label == "meta graph" else proto.meta_graphs[0].graph_def)
    for _ in range(random.randint(1, 4)):
        if random.randint(4) and len(graph.node):
            shake(random, graph.node[random.randint(len(graph.node))], graph.node)
        else:
            shake(random, proto, graph.node)
    return text_format.MessageToString(proto).encode() if label == "text graph" else (
        proto.SerializeToString())


def shake(random, proto, nodes):
    """Changes one field somewhere inside a message."""
    while True:
        fields = proto.ListFields()
        if not fields:
            return
        field, value = fields[random.randint(len(fields))]
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            key = sorted(value)[random.randint(len(value))]
            inside = value[key]
            if not random.randint(6):
                del value[key]
                return
            if not hasattr(inside, "ListFields"):
                return
            proto = inside
        elif hasattr(value, "append") or hasattr(value, "add"):
            at = random.randint(len(value))
            if not random.randint(6):
                del value[at]
                return
            if field.message_type is None:
                with contextlib.suppress(ValueError, TypeError):
                    value[at] = _other(random, value[at], nodes)
                return
            if not random.randint(8):
                value.add().CopyFrom(value[at])
                return
            proto = value[at]
        elif field.message_type is not None:
            if not random.randint(8):
                proto.ClearField(field.name)
                return
            proto = value
        else:
            with contextlib.suppress(ValueError, TypeError):
                setattr(proto, field.name, _other(random, value, nodes))
            return


def _other(random, value, nodes):
    """A value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        number = _NUMBERS[random.randint(len(_NUMBERS))] if random.randint(3) else value + 1
        return max(min(number, (1 << 31) - 1), 0) if value < 200 and random.randint(2) else number
    if isinstance(value, float):
        return random.choice([0.0, -1.0, np.inf, np.nan, 1e30])
    if isinstance(value, str) and random.randint(3) and len(nodes):
        node = nodes[random.randint(len(nodes))]
        return random.choice([node.name, node.op, "^" + node.name, node.name + ":7", "", "a/b"])
    if isinstance(value, str):
        return value[:-1] or "x"
    return value[:len(value) // 2] if random.randint(2) else value + b"\xff" * random.randint(9)


def _shaken_table(random, data):
    from pellucid.interchange.messages import message
    from pellucid.interchange.table import read_table, write_table
    path = os.path.join(tempfile.gettempdir(), f"pellucid-fuzz-{os.getpid()}")
    Path(path).write_bytes(data)
    items = read_table(path)
    os.remove(path)
    key = list(items)[random.randint(len(items))]
    old = items[key]
    kinds = ["BundleHeaderProto"] if not key else ["BundleEntryProto", "SavedTensorSlices"]
    for kind in kinds:
        try:
            proto = message(kind).FromString(old)
        except Exception:
            continue
        shake(random, proto, [])
        items[key] = proto.SerializeToString()
        break
    out = io.BytesIO()
    write_table(out, sorted(items.items()))
    return out.getvalue()


# -- checksums made right again ------------------------------------------------------------

def _mended(data, label):
    """The same with checksums that fit, where this is easily done."""
    if label in ("records", "events"):
        out, position = [], 0
        while position + 12 <= len(data) and len(out) < 1000:
            length = int.from_bytes(data[position:position + 8], "little")
            body = data[position + 12:position + 12 + min(length, 1 << 20)]
            out.append(framed(body))
            position += 12 + len(body) + 4
        return b"".join(out)
    if label in ("checkpoint index", "parts index", "old checkpoint"):
        return _mended_table(data)
    return None


def _mended_table(data):
    """A table whose blocks, as far as its footer leads to them, have right checksums."""
    from pellucid.interchange.table import _Table
    out = bytearray(data)
    table = _Table("", data)
    try:
        end = len(data) - 48
        other, position = table.handle(end, len(data) - 8)
        index, _ = table.handle(position, len(data) - 8)
        blocks = [other, index]
        table.check = lambda *block: None
        for _, (start, stop) in table.entries(*index):
            blocks.append(table.handle(start, stop)[0])
        for offset, size in blocks:
            out[offset + size + 1:offset + size + 5] = masked_crc32c(
                bytes(out[offset:offset + size + 1])).to_bytes(4, "little")
    except (tf.errors.OpError, IndexError, ValueError, Exception):
        return None
    return bytes(out)


# -- running -------------------------------------------------------------------------------

class TooSlow(BaseException):
    """A file took longer than SECONDS."""


def _alarm(*_):
    raise TooSlow


def attempt(read, path):
    """What reading does: "read", the name of a clear error, or a traceback's text."""
    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(SECONDS)
    try:
        with tf.Graph().as_default(), warnings.catch_warnings(), contextlib.redirect_stdout(
                io.StringIO()):
            warnings.simplefilter("ignore")
            read(path)
        return "read"
    except CLEAR as error:
        return type(error).__name__
    except Exception as error:
        if type(error).__name__ == "DecodeError":         # of FromString, in the readers above
            return "DecodeError"
        return "BUG " + traceback.format_exc()
    except TooSlow:
        return "BUG too slow\n" + traceback.format_exc()
    finally:
        signal.alarm(0)


def run(count, seed=0, report=print):
    """Reads `count` damaged files; returns the list of (label, path of the file, text) of bugs."""
    random, bugs = np.random.RandomState(seed), []
    outcomes = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = whole_files(folder)
        others = [data for data, _, _ in files.values()]
        slowest = 0.0, ""
        for i in range(count):
            label = list(files)[i % len(files)]
            data, file, read = files[label]
            place = folder / "case"
            shutil.rmtree(place, ignore_errors=True)
            (place / "model").mkdir(parents=True)
            for beside in (*folder.glob("net.*"), *FILES.glob("v2*")):
                shutil.copy(beside, place)
            if label == "saved model":
                shutil.copytree(FILES / "saved_model", place / "model", dirs_exist_ok=True)
            path = place / file
            changed = shaken(random, data, label) if random.randint(3) else None
            path.write_bytes(damaged(random, data, label, others) if changed is None else changed)
            start = time.perf_counter()
            outcome = attempt(read, str(path))
            slowest = max(slowest, (time.perf_counter() - start, label))
            outcomes[label][outcome.split("\n")[0][:40]] += 1
            if outcome.startswith("BUG"):
                kept = Path(tempfile.gettempdir()) / f"pellucid-fuzz-{seed}-{i}-{path.name}"
                shutil.copy(path, kept)
                bugs.append((label, str(kept), outcome))
    for label, counts in outcomes.items():
        report(f"{label}: " + ", ".join(f"{what} {n}" for what, n in counts.most_common()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report(f"{count} files, {len(bugs)} bugs; slowest {slowest[0]:.2f} s ({slowest[1]}); "
           f"peak memory {peak:.0f} MB")
    return bugs


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    numbers = [int(a) for a in sys.argv[1:]] or [10_000]
    for label, path, text in run(*numbers)[:20]:
        print(f"\n{label}: {path}\n{text[-1500:]}")
