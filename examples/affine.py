"""The smallest graph: z = A x + b.

    python -m examples.affine

Building it computes nothing. A session does, for the x that it is given.
Read next: perceptron.py.
"""

from pellucid import Graph, Session, Variable, add, matmul, placeholder

GOAL = "z = A x + b is [2 -1] for x = [1 2]"


def build():
    """z and x, in a new graph."""
    with Graph().as_default():
        A = Variable([[1, 0], [0, -1]], name="A")
        b = Variable([1, 1], name="b")
        x = placeholder(name="x")
        y = matmul(A, x)
        z = add(y, b, name="z")
    return z, x


def main():
    """Prints [ 2 -1]; True if that is what came out."""
    z, x = build()
    value = Session(graph=z.graph).run(z, {x: [1, 2]})
    print(value)
    return value.tolist() == [2, -1]


if __name__ == "__main__":
    raise SystemExit(not main())
