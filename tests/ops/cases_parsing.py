"""Operation types that read byte strings: serialized Examples, numbers, tensors."""

import numpy as np

import pellucid
from tests.ops.case import case


def _example(**features):
    train = pellucid.train
    return train.Example(features=train.Features(feature=features)).SerializeToString()


def _floats(*values):
    return pellucid.train.Feature(float_list=pellucid.train.FloatList(value=values))


def _texts(*values):
    return pellucid.train.Feature(bytes_list=pellucid.train.BytesList(value=values))


def _sequence():
    train = pellucid.train
    steps = train.FeatureList(feature=[_floats(1, 2), _floats(3, 4), _floats(5, 6)])
    return train.SequenceExample(
        context=train.Features(feature={"t": _texts(b"title")}),
        feature_lists=train.FeatureLists(feature_list={"x": steps})).SerializeToString()


def _scalar(text):
    result = np.empty((), object)
    result[()] = text
    return result


BATCH = np.array([_example(x=_floats(1, 2), t=_texts(b"a", b"b")), _example(t=_texts(b"c"))],
                 object)
ONE, SEQUENCE = _scalar(BATCH[0]), _scalar(_sequence())
X = np.array([[1.5, -2.0], [0.0, 4.0]], np.float32)


def _features(tf):
    return {"x": tf.FixedLenFeature([2], tf.float32, [0.5, 0.25]), "t": tf.VarLenFeature(tf.string)}


def _parts(found):
    return [found["x"], found["t"].indices, found["t"].values, found["t"].dense_shape]


CASES = [
    case("ParseExample", lambda tf, s: _parts(tf.parse_example(s, _features(tf))), BATCH),
    case("ParseExample", lambda tf, s: tf.parse_example(s, {"x": tf.FixedLenSequenceFeature(
        [], tf.float32, allow_missing=True, default_value=9.0)})["x"], BATCH, label="padded"),
    case("ParseSingleExample",
         lambda tf, s: _parts(tf.parse_single_example(s, _features(tf))), ONE),
    case("ParseSingleSequenceExample", lambda tf, s: [
        part for found, key in zip(tf.parse_single_sequence_example(
            s, {"t": tf.FixedLenFeature([], tf.string)},
            {"x": tf.FixedLenSequenceFeature([2], tf.float32)}), "tx", strict=True)
        for part in [found[key]]], SEQUENCE),
    case("DecodeRaw", lambda tf, s: tf.decode_raw(s, tf.int16), np.array(
        [[b"\1\0\2\0", b"\3\1\4\0"]], object)),
    case("DecodeRaw", lambda tf, s: tf.decode_raw(s, tf.float32, little_endian=False), np.array(
        [X.astype(">f4").tobytes()], object), label="big endian"),
    case("SerializeTensor", lambda tf, x: tf.serialize_tensor(x), X, gradient=()),
    case("SerializeTensor", lambda tf, x: tf.serialize_tensor(x), np.array([b"a", b"bc"], object),
         label="text"),
    case("ParseTensor", lambda tf, s: tf.parse_tensor(s, tf.float32), _scalar(
        pellucid.make_tensor_proto(X).SerializeToString())),
]
