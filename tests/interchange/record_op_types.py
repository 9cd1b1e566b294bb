"""Writes down the signatures of TensorFlow's operation types (needs TensorFlow):

    python -m tests.interchange.record_op_types

They are what a GraphDef is written by: the names and types of inputs, outputs and attributes.
"""

import json

from pellucid.core.dtypes import as_dtype
from pellucid.interchange import op_signatures

# Kinds that belong to devices and services, not to graphs of mathematics.
LEFT_OUT = ("Dataset", "TPU", "Xla", "XLA", "Mkl", "Boosted", "Collective", "Risc", "Experimental",
            "_", "Iterator", "Conditional", "Tpu", "Nccl", "Barrier", "UniformQ", "UniformD",
            "UniformR", "Quantize", "Cuda", "Summary", "Debug", "Ragged",
            "Worker", "Bigtable", "KMC2", "Kmeans", "Ngram", "Infeed", "Outfeed", "Requantiz",
            "Dequantize", "Accumulator", "Sdca", "Shuffle", "Load", "Retrieve")
KEPT = ("RandomShuffle", "ScalarSummary", "HistogramSummary", "ImageSummary", "AudioSummary",
        "AudioSummaryV2", "MergeSummary", "TensorSummary", "TensorSummaryV2", "AccumulateNV2")


def op_list():
    """TensorFlow's OpList."""
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session as session
    return op_def_pb2.OpList.FromString(session.TF_GetBuffer(session.TF_GetAllOpList()))


def line(op):
    """The line of an OpDef."""
    return " | ".join([op.name, " ".join(map(_arg, op.input_arg)),
                       " ".join(map(_arg, op.output_arg)), " ".join(map(_attr, op.attr))])


def _arg(arg):
    kind = arg.type_attr or (as_dtype_name(arg.type) if arg.type else "")
    if arg.type_list_attr:
        kind = "*" + arg.type_list_attr
    elif arg.number_attr:
        kind = f"{arg.number_attr}*{kind}"
    return f"{arg.name}:{'&' * arg.is_ref}{kind}"


def as_dtype_name(number):
    """float32 for 1; the number for types that pellucid does not have."""
    try:
        return as_dtype(number).name
    except TypeError:
        return str(number)


def _attr(attr):
    text = f"{attr.name}:{attr.type}"
    if not attr.HasField("default_value"):
        return text
    value = json.dumps(_plain(attr.default_value), separators=(",", ":"))
    return f"{text}={value.replace(' ', chr(92) + 'u0020')}"


def _plain(value):
    kind = value.WhichOneof("value")
    if kind == "list":
        fields = value.list.ListFields()
        return [_one(field.name, v) for field, values in fields for v in values]
    return _one(kind, getattr(value, kind))


def _one(kind, value):
    if kind == "s":
        return value.decode("latin-1")
    if kind == "f":
        return float(f"{value:.9g}")
    if kind == "type":
        return as_dtype_name(value)
    if kind == "shape":
        return None if value.unknown_rank else [d.size for d in value.dim]
    if kind in ("func", "tensor"):
        return None
    return value


def left_out(name):
    """True for a type that is not asked of TensorFlow."""
    return name not in KEPT and any(word in name for word in LEFT_OUT)


def text():
    """The whole file.

    The lines of data sets and iterators were written by hand and stay: with the attributes that
    TensorFlow 1.15 knows, without those that came later.
    """
    lines = [line(op) for op in op_list().op if not left_out(op.name)]
    lines += [one for one in op_signatures.FILE.read_text().splitlines()
              if left_out(one.split(" | ")[0])]
    return "".join(sorted(f"{one}\n" for one in lines))


if __name__ == "__main__":
    op_signatures.FILE.write_text(text())
