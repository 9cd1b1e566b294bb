"""Hashes of strings, equal to TensorFlow's: so a word falls into the same bucket.

Strings of one length are hashed together, a column of 64-bit words at a time. The functions:
Fingerprint64 of FarmHash (Pike & Alakuijala, github.com/google/farmhash), SipHash-2-4 (Aumasson &
Bernstein 2012), and MurmurHash64A (Appleby), which TensorFlow used first.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.sequences import either
from pellucid.ops.text.pieces import STRINGS

U64 = np.uint64


def hashed(function, strings):
    """function(matrix of bytes) for groups of strings of one length: an array of uint64.

    Args:
      function: from an array of uint8, shape (n, length), to one of uint64, shape (n,).
      strings: array of bytes objects.
    """
    flat = np.asarray(strings, object).reshape(-1)
    lengths = np.array([len(s) for s in flat], np.int64)
    result = np.empty(flat.size, U64)
    with np.errstate(over="ignore"):
        for length in np.unique(lengths):
            places = np.flatnonzero(lengths == length)
            together = np.frombuffer(b"".join(flat[places]), np.uint8)
            result[places] = function(together.reshape(len(places), length))
    return result.reshape(np.shape(strings))


def _word(text, at):
    """The 8 bytes at a position, as one number, the least byte first."""
    return np.ascontiguousarray(text[:, at:at + 8]).view("<u8")[:, 0].astype(U64)


def _half_word(text, at):
    return np.ascontiguousarray(text[:, at:at + 4]).view("<u4")[:, 0].astype(U64)


def _right(x, count):
    """Bits rotated to the right."""
    return (x >> U64(count)) | (x << U64(64 - count))


def _left(x, count):
    return _right(x, 64 - count)


# -- FarmHash ------------------------------------------------------------------------------

K0, K1, K2 = U64(0xC3A5C85C97CB3127), U64(0xB492B66FBE98F273), U64(0x9AE16A3B2F90404F)


def fingerprint64(text):
    """FarmHash's Fingerprint64 of each row of a matrix of bytes."""
    length = text.shape[1]
    if length <= 16:
        return _up_to_16(text)
    if length <= 32:
        return _up_to_32(text)
    return _up_to_64(text) if length <= 64 else _longer(text)


def _mixed(x):
    return x ^ (x >> U64(47))


def _joined(u, v, factor):
    """One number from two."""
    return _mixed((_mixed((u ^ v) * factor) ^ v) * factor) * factor


def _up_to_16(text):
    n = text.shape[1]
    factor = K2 + U64(2 * n)
    if n >= 8:
        a, b = _word(text, 0) + K2, _word(text, n - 8)
        return _joined(_right(b, 37) * factor + a, (_right(a, 25) + b) * factor, factor)
    if n >= 4:
        return _joined(U64(n) + (_half_word(text, 0) << U64(3)), _half_word(text, n - 4), factor)
    if n:
        first, middle, last = (text[:, i].astype(U64) for i in (0, n // 2, n - 1))
        y, z = first + (middle << U64(8)), U64(n) + (last << U64(2))
        return _mixed(y * K2 ^ z * K0) * K2
    return np.full(len(text), K2)


def _up_to_32(text):
    n = text.shape[1]
    factor = K2 + U64(2 * n)
    a, b = _word(text, 0) * K1, _word(text, 8)
    c, d = _word(text, n - 8) * factor, _word(text, n - 16) * K2
    return _joined(_right(a + b, 43) + _right(c, 30) + d, a + _right(b + K2, 18) + c, factor)


def _up_to_64(text):
    n = text.shape[1]
    factor = K2 + U64(2 * n)
    a, b = _word(text, 0) * K2, _word(text, 8)
    c, d = _word(text, n - 8) * factor, _word(text, n - 16) * K2
    y = _right(a + b, 43) + _right(c, 30) + d
    z = _joined(y, a + _right(b + K2, 18) + c, factor)
    e, f = _word(text, 16) * factor, _word(text, 24)
    g, h = (y + _word(text, n - 32)) * factor, (z + _word(text, n - 24)) * factor
    return _joined(_right(e + f, 43) + _right(g, 30) + h, e + _right(f + a, 18) + g, factor)


def _longer(text):
    """A state of seven words goes over the blocks of 64 bytes, and at last over the last 64."""
    n = text.shape[1]
    start = np.full(len(text), U64(81))
    y = start * K1 + U64(113)
    z = _mixed(y * K2 + U64(113)) * K2
    x = start * K2 + _word(text, 0)
    v = w = (np.zeros_like(x), np.zeros_like(x))
    for at in range(0, (n - 1) // 64 * 64, 64):
        x, y, z, v, w = _block(text, at, x, y, z, v, w, K1, U64(1))
    factor = K1 + ((z & U64(0xFF)) << U64(1))
    w = (w[0] + U64((n - 1) & 63), w[1])
    v = (v[0] + w[0], v[1])
    w = (w[0] + v[0], w[1])
    x, y, z, v, w = _block(text, n - 64, x, y, z, v, w, factor, U64(9))
    return _joined(_joined(v[0], w[0], factor) + _mixed(y) * K0 + z,
                   _joined(v[1], w[1], factor) + x, factor)


def _block(text, at, x, y, z, v, w, factor, weight):
    x = _right(x + y + v[0] + _word(text, at + 8), 37) * factor
    y = _right(y + v[1] + _word(text, at + 48), 42) * factor
    x = x ^ (w[1] * weight)
    y = y + v[0] * weight + _word(text, at + 40)
    z = _right(z + w[0], 33) * factor
    v = _weak(text, at, v[1] * factor, x + w[0])
    w = _weak(text, at + 32, z + w[1], y + _word(text, at + 16))
    return z, y, x, v, w


def _weak(text, at, a, b):
    """Two words from two and the 32 bytes at a position."""
    first, second, third, last = (_word(text, at + i) for i in (0, 8, 16, 24))
    a = a + first
    b = _right(b + a + last, 21)
    start = a
    a = a + second + third
    return a + last, b + _right(a, 44) + start


# -- SipHash and MurmurHash ----------------------------------------------------------------

def siphash(key):
    """A function: SipHash-2-4 with the key, two ints, of each row of a matrix of bytes."""
    k0, k1 = (U64(k % 2**64) for k in key)

    def function(text):
        n = text.shape[1]
        state = [np.full(len(text), U64(start) ^ k) for start, k in (
            (0x736F6D6570736575, k0), (0x646F72616E646F6D, k1),
            (0x6C7967656E657261, k0), (0x7465646279746573, k1))]
        padded = np.zeros((len(text), n // 8 * 8 + 8), np.uint8)
        padded[:, :n], padded[:, -1] = text, n & 0xFF
        for at in range(0, padded.shape[1], 8):
            word = _word(padded, at)
            state[3] ^= word
            state = _rounds(state, 2)
            state[0] ^= word
        state[2] ^= U64(0xFF)
        a, b, c, d = _rounds(state, 4)
        return a ^ b ^ c ^ d
    return function


def _rounds(state, count):
    a, b, c, d = state
    for _ in range(count):
        a, c = a + b, c + d
        b, d = _left(b, 13) ^ a, _left(d, 16) ^ c
        a = _left(a, 32)
        c, a = c + b, a + d
        b, d = _left(b, 17) ^ c, _left(d, 21) ^ a
        c = _left(c, 32)
    return [a, b, c, d]


def murmur(text):
    """MurmurHash64A of each row of a matrix of bytes, with TensorFlow's seed."""
    factor, n = U64(0xC6A4A7935BD1E995), text.shape[1]
    h = np.full(len(text), U64(0xDECAFCAFFE) ^ (U64(n) * factor))
    for at in range(0, n // 8 * 8, 8):
        k = _word(text, at) * factor
        h = (h ^ ((k ^ (k >> U64(47))) * factor)) * factor
    if n % 8:
        rest = np.zeros((len(text), 8), np.uint8)
        rest[:, :n % 8] = text[:, n // 8 * 8:]
        h = (h ^ _word(rest, 0)) * factor
    return _mixed(_mixed(h) * factor)


# -- operations ----------------------------------------------------------------------------

class StringToHashBucketFast(Operation):
    """FarmHash's Fingerprint64 of each string, modulo num_buckets."""

    op_type, attrs, fresh = "StringToHashBucketFast", {"num_buckets": 1}, True

    def infer(self, input):
        check_allowed("input", input.dtype, STRINGS)
        if self.num_buckets < 1:
            raise ValueError(f"num_buckets must be at least 1, not {self.num_buckets}.")
        return Spec(dtypes.int64, input.shape)

    def compute(self, input):
        return (hashed(self.function, input) % U64(self.num_buckets)).astype(np.int64)

    @property
    def function(self):
        """The hash of the rows of a matrix of bytes."""
        return fingerprint64


class StringToHashBucket(StringToHashBucketFast):
    """MurmurHash64A of each string, modulo num_buckets."""

    op_type = "StringToHashBucket"

    @property
    def function(self):
        """The hash of the rows of a matrix of bytes."""
        return murmur


class StringToHashBucketStrong(StringToHashBucketFast):
    """SipHash of each string, modulo num_buckets, with a key of two ints."""

    op_type, attrs = "StringToHashBucketStrong", {"num_buckets": 1, "key": ()}

    def infer(self, input):
        if len(self.key) != 2:
            raise ValueError(f"Key must have 2 elements, not {len(self.key)}.")
        return super().infer(input)

    @property
    def function(self):
        """The hash of the rows of a matrix of bytes."""
        return siphash(self.key)


for _op_class in (StringToHashBucket, StringToHashBucketFast, StringToHashBucketStrong):
    NotDifferentiable(_op_class.op_type)


def string_to_hash_bucket_fast(input, num_buckets, name=None):
    """The bucket of each string, 0 ... num_buckets - 1, by its FarmHash.

    Args:
      input: Tensor of strings.
      num_buckets: int.

    Returns:
      Tensor of int64, of input's shape, equal to TensorFlow's.

    As in TF: tf.string_to_hash_bucket_fast, tf.strings.to_hash_bucket_fast (op type
    StringToHashBucketFast).
    """
    return build(StringToHashBucketFast, {"input": input}, name,
                 num_buckets=int(num_buckets)).output


def string_to_hash_bucket(string_tensor=None, num_buckets=None, name=None, input=None):
    """The bucket of each string, by an older hash. New programs take the _fast one.

    As in TF: tf.string_to_hash_bucket (op type StringToHashBucket).
    """
    strings = either("string_tensor", string_tensor, "input", input)
    if num_buckets is None:
        raise ValueError("string_to_hash_bucket needs num_buckets.")
    return build(StringToHashBucket, {"string_tensor": strings}, name,
                 num_buckets=int(num_buckets)).output


def string_to_hash_bucket_strong(input, num_buckets, key, name=None):
    """The bucket of each string, by a hash that without its key nobody can steer.

    Args:
      input: Tensor of strings.
      num_buckets: int.
      key: list of two ints.

    As in TF: tf.string_to_hash_bucket_strong, tf.strings.to_hash_bucket_strong (op type
    StringToHashBucketStrong).
    """
    return build(StringToHashBucketStrong, {"input": input}, name, num_buckets=int(num_buckets),
                 key=tuple(map(int, key))).output
