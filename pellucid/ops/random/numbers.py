"""TensorFlow's random numbers, bit for bit: a counter in, numbers out.

The generator is Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1,
2, 3"): a block cipher that turns a 128-bit counter under a 64-bit key into four 32-bit
words. It has no state but the counter, so any part of the sequence can be computed alone.
TensorFlow puts an op's `seed` in the key and `seed2` in the counter's high half; the low
half counts blocks. What follows is how TensorFlow makes floats, normals and integers of the
words.

The functions take `starts`, uint64 numbers of the blocks where sequences start, and return
one row for each. Read next: draws.py.

`_log` and `_sin_cos` repeat the arithmetic of glibc's logf and sincosf, which TensorFlow
calls and which do not round correctly; their algorithms and constants are those of Arm's
optimized routines, Copyright (c) 1999-2022 Arm Limited, under the MIT License: see NOTICE.
"""

import math

import numpy as np

U4, U8 = np.uint32, np.uint64
LOW, HALF = U8(0xFFFFFFFF), U8(32)

# Blocks computed at a time, so that temporaries stay in the cache: 5.5 ns a word with 8,192
# blocks, 10.8 with 16,384.
CHUNK = 8192


def uniform(key, starts, n, dtype):
    """Numbers in [0, 1), shape (len(starts), n), of a floating dtype."""
    if dtype == np.float64:
        return _in_chunks(key, starts, n, 2, dtype, doubles)
    return _in_chunks(key, starts, n, 4, dtype, lambda x: mantissas(x, dtype))


def words(key, starts, n, size):
    """Random unsigned integers of `size` bytes (4 or 8), shape (len(starts), n)."""
    if size == 4:
        return _in_chunks(key, starts, n, 4, U4, lambda x: x)
    return _in_chunks(key, starts, n, 2, U8, _pairs)


def normal(key, starts, n, dtype):
    """Standard normal numbers, shape (len(starts), n), of a floating dtype."""
    if dtype == np.float64:
        return _in_chunks(key, starts, n, 2, dtype, normal_doubles)
    numbers = _in_chunks(key, starts, n, 4, np.float32, _normal_floats)
    return numbers.astype(dtype, copy=False)


def truncated_normal(key, starts, n, dtype):
    """Standard normal numbers of which those beyond 2 are dropped, shape (len(starts), n).

    They come in groups of as many as a block gives. A group has 64 blocks for each of its
    numbers to itself, and takes the first that are small enough.
    """
    width, normals = (2, normal_doubles) if dtype == np.float64 else (4, _normal_floats)
    bad_groups = {2: np.uint16, 4: U4}[width]     # as many bytes as a group has booleans
    groups = -(-n // width)
    offsets = np.arange(groups, dtype=U8) * U8(64 * width)
    bases = (np.asarray(starts, U8)[:, None] + offsets).ravel()
    out = np.empty((bases.size, width), np.float64 if width == 2 else np.float32)
    for i in range(0, bases.size, CHUNK // 2):
        part = bases[i:i + CHUNK // 2]
        x = normals(philox(key, part)).reshape(-1, width)
        out[i:i + CHUNK // 2] = x
        failed = np.flatnonzero((np.abs(x) >= 2).view(bad_groups))
        if failed.size:                                  # 17 of 100 groups of four
            out[i + failed] = _first_small(key, part[failed], width, normals, 2)
    return out.reshape(len(starts), groups * width)[:, :n].astype(dtype, copy=False)


def _first_small(key, bases, width, normals, blocks):
    """The first `width` numbers below 2 of each group, looked for in `blocks` blocks."""
    counters = (bases[:, None] + np.arange(blocks, dtype=U8)).ravel()
    x = normals(philox(key, counters)).reshape(len(bases), -1)
    small = np.abs(x) < 2
    found = small.sum(1)
    short = np.flatnonzero(found < width)                # one group of 10,000, from two blocks
    if short.size == found.size:
        return _first_small(key, bases, width, normals, blocks + 2)
    starts = np.cumsum(found) - found
    chosen = x[small].take(starts[:, None] + np.arange(width), mode="clip")
    if short.size:
        chosen[short] = _first_small(key, bases[short], width, normals, blocks + 2)
    return chosen


def _in_chunks(key, starts, n, per_block, dtype, convert):
    """convert(words of a chunk of blocks), until each start has n numbers."""
    starts = np.asarray(starts, U8)
    blocks = -(-n // per_block)
    if blocks * len(starts) <= CHUNK:
        counters = (starts[:, None] + np.arange(blocks, dtype=U8)).ravel()
        return convert(philox(key, counters)).reshape(len(starts), -1)[:, :n]
    out = np.empty((len(starts), n), dtype)
    for row, start in zip(out, starts, strict=True):
        for i in range(0, blocks, CHUNK):
            counters = np.arange(i, min(i + CHUNK, blocks), dtype=U8) + start
            place = row[i * per_block:(i + CHUNK) * per_block]
            place[:] = convert(philox(key, counters)).ravel()[:place.size]
    return out


# -- the generator -------------------------------------------------------------------------

_M0, _M1 = 0xD2511F53, 0xCD9E8D57                 # multipliers
_W0, _W1 = 0x9E3779B9, 0xBB67AE85                 # what the key grows by in each round


def philox(key, counters):
    """The words of the blocks `counters` (uint64, shape (n,)) under key = (seed, seed2).

    Returns uint32, shape (n, 4). A round, for the counter's words c0..c3, all 32 bits wide:

        c0, c1 = high(M1 c2) ^ c1 ^ k0, low(M1 c2)
        c2, c3 = high(M0 c0) ^ c3 ^ k1, low(M0 c0)        (of the old c0 and c2)

    Words are kept in uint64 and arrays are reused. The first two rounds stand apart because
    c2 and c3, and then c1, are one number for all blocks: 11 of 100 array operations less.
    """
    (k0, k1), (c2, c3) = _halves(key[0]), _halves(key[1])
    c0, c1 = counters & LOW, counters >> HALF
    m0, m1 = U8(_M0), U8(_M1)

    p, q = c0 * m0, c2 * _M1
    c0, c1 = c1, q & 0xFFFFFFFF
    c0 ^= U8(q >> 32 ^ k0)
    c2 = p >> HALF
    c2 ^= U8(c3 ^ k1)
    c3 = p & LOW

    k0, k1 = k0 + _W0 & 0xFFFFFFFF, k1 + _W1 & 0xFFFFFFFF
    q = c2 * m1
    np.multiply(c0, m0, out=p)
    np.right_shift(q, HALF, out=c0)
    c0 ^= U8(c1 ^ k0)
    c1 = q & LOW
    np.right_shift(p, HALF, out=c2)
    c2 ^= c3
    c2 ^= U8(k1)
    np.bitwise_and(p, LOW, out=c3)

    for _ in range(8):
        k0, k1 = k0 + _W0 & 0xFFFFFFFF, k1 + _W1 & 0xFFFFFFFF
        np.multiply(c0, m0, out=p)
        np.multiply(c2, m1, out=q)
        np.right_shift(q, HALF, out=c0)
        c0 ^= c1
        c0 ^= U8(k0)
        np.right_shift(p, HALF, out=c2)
        c2 ^= c3
        c2 ^= U8(k1)
        np.bitwise_and(q, LOW, out=c1)
        np.bitwise_and(p, LOW, out=c3)

    out = np.empty((len(counters), 4), U4)
    out[:, 0], out[:, 1], out[:, 2], out[:, 3] = c0, c1, c2, c3
    return out


def _halves(number):
    return number & 0xFFFFFFFF, number >> 32 & 0xFFFFFFFF


# -- uniform numbers: bits become the mantissa of a number in [1, 2), minus 1 --------------

def _floats(x):
    return ((x & U4(0x7FFFFF)) | U4(0x3F800000)).view(np.float32) - np.float32(1)


def mantissas(x, dtype):
    """Numbers in [0, 1), of a dtype of up to 32 bits, of the low bits of unsigned ints."""
    if dtype == np.float32:
        return _floats(x)
    mask, one = (0x3FF, 0x3C00) if dtype == np.float16 else (0x7F, 0x3F80)    # bfloat16
    bits = (x.astype(np.uint16) & np.uint16(mask)) | np.uint16(one)
    return bits.view(dtype) - dtype.type(1)


def doubles(x):
    """float64 in [0, 1): two of each block."""
    high, low = x[:, 0::2].astype(U8), x[:, 1::2]
    bits = (high & U8(0xFFFFF)) << HALF | low | U8(0x3FF0000000000000)
    return bits.view(np.float64) - 1.0


def _pairs(x):
    return x[:, 0::2] | x[:, 1::2].astype(U8) << HALF


# -- normal numbers: Box & Muller 1958, the sine first -------------------------------------

def _normal_floats(x):
    out = np.empty(x.shape, np.float32)
    for i in range(0, len(x), CHUNK // 4):        # the temporaries are many, and float64
        u = _floats(x[i:i + CHUNK // 4])
        radius = np.sqrt(np.float32(-2) * _log(np.maximum(u[:, 0::2], np.float32(1e-7))))
        angle = (u[:, 1::2].astype(np.float64) * (2 * np.pi)).astype(np.float32)
        sine, cosine = _sin_cos(angle)
        part = out[i:i + CHUNK // 4]
        np.multiply(sine, radius, out=part[:, 0::2])
        np.multiply(cosine, radius, out=part[:, 1::2])
    return out


def normal_doubles(x):
    """Normal float64: two of each block."""
    u = doubles(x)
    radius = np.sqrt(-2 * _each(math.log, np.maximum(u[:, 0], 1e-7)))
    angle = 2 * np.pi * u[:, 1]
    return np.stack([_each(math.sin, angle) * radius, _each(math.cos, angle) * radius], 1)


def _each(function, x):
    """function of each entry: the C library's, which TensorFlow calls too.

    NumPy's own are 3 times faster, and where the processor has AVX-512 they differ in the
    last bit of one number in 500.
    """
    return np.array(list(map(function, x.tolist())))


_hex = np.vectorize(float.fromhex, otypes=[np.float64])
_INVERSE_C = _hex("""
    0x1.661ec79f8f3bep+0 0x1.571ed4aaf883dp+0 0x1.49539f0f010bp+0 0x1.3c995b0b80385p+0
    0x1.30d190c8864a5p+0 0x1.25e227b0b8eap+0 0x1.1bb4a4a1a343fp+0 0x1.12358f08ae5bap+0
    0x1.0953f419900a7p+0 0x1p+0 0x1.e608cfd9a47acp-1 0x1.ca4b31f026aap-1
    0x1.b2036576afce6p-1 0x1.9c2d163a1aa2dp-1 0x1.886e6037841edp-1 0x1.767dcf5534862p-1
    """.split())
_LOG_C = _hex("""
    -0x1.57bf7808caadep-2 -0x1.2bef0a7c06ddbp-2 -0x1.01eae7f513a67p-2 -0x1.b31d8a68224e9p-3
    -0x1.6574f0ac07758p-3 -0x1.1aa2bc79c81p-3 -0x1.a4e76ce8c0e5ep-4 -0x1.1973c5a611cccp-4
    -0x1.252f438e10c1ep-5 0x0p+0 0x1.aa5aa5df25984p-5 0x1.c5e53aa362eb4p-4
    0x1.526e57720db08p-3 0x1.bc2860d22477p-3 0x1.1058bc8a07ee1p-2 0x1.4043057b6ee09p-2
    """.split())
_LOG = _hex("-0x1.00ea348b88334p-2 0x1.5575b0be00b6ap-2 -0x1.ffffef20a4123p-2".split())
_COS = _hex("-0x1.ffffffd0c621cp-2 0x1.55553e1068f19p-5 -0x1.6c087e89a359dp-10 "
            "0x1.99343027bf8c3p-16".split())
_SIN = _hex("-0x1.555545995a603p-3 0x1.1107605230bc4p-7 -0x1.994eb3774cf24p-13".split())
_LN2, _HALF_PI, _QUADRANT = _hex("0x1.62e42fefa39efp-1 0x1.921FB54442D18p0 "
                                 "0x1.45F306DC9C883p+23".split())


def _log(u):
    """logf of positive normal float32: u = 2^k z with z near c, log u = k log 2 + log c
    + log(z / c), where c and log c come from a table of 16 and the rest is a cubic."""
    bits = np.ascontiguousarray(u).view(U4)
    t = bits - U4(0x3F330000)
    row, k = ((t >> U4(19)) & U4(15)).astype(np.intp), t.view(np.int32) >> np.int32(23)
    z = (bits - (t & U4(0xFF800000))).view(np.float32).astype(np.float64)
    r = z * _INVERSE_C.take(row) - 1
    r2 = r * r
    y = _LOG[0] * r2 + (_LOG[1] * r + _LOG[2])
    return (y * r2 + (_LOG_C.take(row) + k * _LN2 + r)).astype(np.float32)


def _sin_cos(angle):
    """sincosf of float32 below 120: the rest after whole quadrants in two polynomials."""
    x = angle.astype(np.float64)
    quadrant = (x * _QUADRANT).astype(np.int32) + np.int32(0x800000) >> np.int32(24)
    x -= quadrant * _HALF_PI
    x2 = x * x
    x3, x4 = x2 * x, x2 * x2
    s = (x + x3 * _SIN[0]) + x3 * x2 * (_SIN[1] + x2 * _SIN[2])
    c = (1 + x2 * _COS[0] + x4 * _COS[1]) + x4 * x2 * (_COS[2] + x2 * _COS[3])
    s, c = s.astype(np.float32).view(np.int32), c.astype(np.float32).view(np.int32)
    # In odd quadrants they change places, and bit 1 of the quadrant becomes the sign bit. In
    # bits, because `np.where` takes 2.5 ns an entry, and these 8 operations 1.6 together.
    exchanged = (s ^ c) & -(quadrant & np.int32(1))
    sine = s ^ exchanged ^ (quadrant & np.int32(2)) << np.int32(30)
    cosine = c ^ exchanged ^ (quadrant + np.int32(1) & np.int32(2)) << np.int32(30)
    return sine.view(np.float32), cosine.view(np.float32)
