"""Draws the pictures of the lessons, with the library's own numbers.

    python -m book.pictures            # all of them, to book/images

Graphs are drawn by tf.viz; plots by the few lines of SVG below. Both follow the reader's light or
dark colour scheme. Read next: the lessons.
"""

from pathlib import Path

import numpy as np

import pellucid as tf

IMAGES = Path(__file__).parent / "images"
RED, BLUE, GREEN = "#d1495b", "#2e86ab", "#3a9d5d"
STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #333 } .axis { stroke: #999; fill: none }
.line { fill: none; stroke-width: 2 } .faint { stroke-width: 1; opacity: .55; fill: none }
.ink { stroke: #333 } .inkdot { fill: #333 }
@media (prefers-color-scheme: dark) {
text { fill: #ddd } .ink { stroke: #ddd } .inkdot { fill: #ddd } .axis { stroke: #777 } }
</style>"""


class Plot:
    """A panel of a picture, with its own coordinates.

    Args:
      x, y: (lowest, highest) of the coordinates shown.
      left: float, where the panel begins.
      width, height: float, in pixels.
    """

    def __init__(self, x, y, left=0, width=300, height=240, title="", labels=("", "")):
        self.x, self.y, self.left, self.width, self.height = x, y, left, width, height
        self.parts = [f'<rect class="axis" x="{left + 30}" y="26" width="{width - 40}" '
                      f'height="{height - 52}"/>',
                      f'<text x="{left + width / 2 + 10}" y="17" text-anchor="middle">{title}'
                      '</text>',
                      f'<text x="{left + width - 10}" y="{height - 10}" text-anchor="end">'
                      f'{labels[0]}</text>',
                      f'<text x="{left + 34}" y="42">{labels[1]}</text>']

    def at(self, x, y):
        """Coordinates to pixels, kept inside the panel."""
        across = np.clip((np.asarray(x, np.float64) - self.x[0]) / (self.x[1] - self.x[0]), 0, 1)
        up = np.clip((np.asarray(y, np.float64) - self.y[0]) / (self.y[1] - self.y[0]), 0, 1)
        return (self.left + 30 + across * (self.width - 40),
                self.height - 26 - up * (self.height - 52))

    def line(self, x, y, color=None, kind="line", dots=False):
        points = list(zip(*self.at(x, y), strict=True))
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        stroke = f'stroke="{color}"' if color else ""
        self.parts.append(f'<polyline class="{kind}{"" if color else " ink"}" {stroke} '
                          f'points="{path}"/>')
        if dots:
            self.parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="2.5" fill="{color}"/>'
                           for a, b in points]

    def points(self, x, y, color):
        self.parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{color}" opacity=".85"/>'
                       for a, b in zip(*self.at(x, y), strict=True)]

    def text(self, x, y, words, anchor="start"):
        a, b = self.at(x, y)
        self.parts.append(f'<text x="{a:.1f}" y="{b:.1f}" text-anchor="{anchor}">{words}</text>')

    def field(self, function, cells=16):
        """Colours a probability: function from points (n, 2) to (n,), red at 0, blue at 1."""
        xs, ys = (np.linspace(low, high, cells + 1) for low, high in (self.x, self.y))
        middle_x, middle_y = (np.meshgrid((xs[1:] + xs[:-1]) / 2, (ys[1:] + ys[:-1]) / 2))
        values = function(np.stack([middle_x.ravel(), middle_y.ravel()], 1)).reshape(cells, cells)
        for i in range(cells):
            for j in range(cells):
                left, bottom = np.round(self.at(xs[j], ys[i]))       # whole pixels: no seams
                right, top = np.round(self.at(xs[j + 1], ys[i + 1]))
                p = values[i, j]
                self.parts.insert(0, (
                    f'<rect x="{left:.0f}" y="{top:.0f}" width="{right - left:.0f}" '
                    f'height="{bottom - top:.0f}" fill="{BLUE if p > 0.5 else RED}" '
                    f'opacity="{0.08 + 0.8 * abs(p - 0.5):.2f}"/>'))
        self.parts.insert(0, '<g shape-rendering="crispEdges">')
        self.parts.insert(cells * cells + 1, "</g>")


def save(name, *panels):
    """Writes the panels, side by side, as one picture."""
    width = max(panel.left + panel.width for panel in panels)
    height = max(panel.height for panel in panels)
    parts = "\n".join(part for panel in panels for part in panel.parts)
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
           f'width="{width}" height="{height}">{STYLE}\n{parts}\n</svg>\n')
    (IMAGES / name).write_text(svg, encoding="utf-8")


def contours(panel, function, levels):
    """Level lines of a function of two arrays, one short stroke for each crossed cell."""
    xs, ys = np.linspace(*panel.x, 41), np.linspace(*panel.y, 41)
    values = function(*np.meshgrid(xs, ys))
    for level in levels:
        strokes = []
        for i in range(40):
            for j in range(40):
                corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
                ends = []
                for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1], strict=True):
                    p, q = values[a, b] - level, values[c, d] - level
                    if p * q < 0:
                        t = p / (p - q)
                        ends.append(panel.at(xs[b] + t * (xs[d] - xs[b]),
                                             ys[a] + t * (ys[c] - ys[a])))
                if len(ends) >= 2:
                    (x0, y0), (x1, y1) = ends[:2]
                    strokes.append(f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}")
        panel.parts.append(f'<path class="faint ink" d="{"".join(strokes)}"/>')


def clouds(centers, count=50, seed=0):
    """(points, labels): `count` points around each (x, y, label) of `centers`."""
    random = np.random.default_rng(seed)
    points = [random.normal((x, y), 0.75, (count, 2)) for x, y, _ in centers]
    return np.concatenate(points), np.repeat([label for *_, label in centers], count)


# -- one function for each picture ---------------------------------------------------------

def affine():
    with tf.Graph().as_default():
        A, b = tf.Variable([[1, 0], [0, -1]], name="A"), tf.Variable([1, 1], name="b")
        x = tf.placeholder(tf.int32, [2, 1], name="x")
        tf.viz.draw(tf.add(tf.matmul(A, x, name="y"), b, name="z"), IMAGES / "01-affine.svg")


def diamonds():
    with tf.Graph().as_default():
        node = tf.placeholder(tf.float32, [], name="x")
        for floor in range(4):
            node = tf.add(node, node, name=f"floor{floor + 1}")
        tf.viz.draw(node, IMAGES / "02-diamonds.svg")


def perceptron():
    points, labels = clouds([(-2, -2, 0), (2, 2, 1)])
    left = Plot((-5, 5), (-5, 5), title="a line")
    right = Plot((-5, 5), (-5, 5), left=310, title="a probability")
    right.field(lambda p: 1 / (1 + np.exp(-p.sum(1))))
    left.line([-5, 5], [5, -5])
    for panel in left, right:
        panel.points(*points[labels == 0].T, RED)
        panel.points(*points[labels == 1].T, BLUE)
    save("03-perceptron.svg", left, right)


def criterion():
    p = np.linspace(0.006, 1, 120)
    panel = Plot((0, 1), (0, 5), width=420, title="the loss of one point, -log p",
                 labels=("p, the probability given to its true class", ""))
    panel.line(p, -np.log(p), BLUE)
    for label, height in ((1, "0"), (0.5, "0.69"), (0.1, "2.30")):
        panel.points([label], [-np.log(label)], RED)
        panel.text(min(label + 0.02, 0.85), -np.log(label) + 0.25, f"p = {label}: {height}")
    save("04-criterion.svg", panel)


def valley(x, y):
    """The long valley of lessons 5 and 10."""
    return 0.5 * x ** 2 + 5.0 * y ** 2


def path(optimizer, start, steps, surface=valley):
    """Where an optimizer of pellucid goes on a surface: array (steps + 1, 2)."""
    with tf.Graph().as_default():
        x, y = (tf.Variable(v, dtype=tf.float64) for v in start)
        step = optimizer().minimize(surface(x, y))
        session, places = tf.Session(), []
        session.run(tf.global_variables_initializer())
        for _ in range(steps + 1):
            places.append(session.run([x, y]))
            session.run(step)
    return np.array(places)


def descent():
    panels = []
    rates = (0.02, "too small"), (0.15, "good"), (0.195, "nearly too large")
    for i, (rate, title) in enumerate(rates):
        panel = Plot((-5, 5), (-2.5, 2.5), left=260 * i, width=260, height=200,
                     title=f"rate {rate}: {title}")
        contours(panel, valley, [1, 4, 9, 16, 25])
        places = path(lambda rate=rate: tf.train.GradientDescentOptimizer(rate), (-4.5, 1.5), 20)
        panel.line(*places.T, RED, dots=True)
        panels.append(panel)
    save("05-descent.svg", *panels)


def chain():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [], name="x")
        a = tf.square(x, name="a")
        L = tf.add(tf.sin(a, name="b"), tf.exp(a, name="c"), name="L")
        tf.viz.draw(L, IMAGES / "06-diamond.svg")


def train_net(hidden, points, labels, steps=600, seed=3):
    """A trained net's probability of label 1: function from (n, 2) to (n,)."""
    random = np.random.default_rng(seed)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [None, 2])
        c = tf.placeholder(tf.float64, [None])
        h = tf.tanh(tf.matmul(x, tf.Variable(random.normal(size=(2, hidden))))
                    + tf.Variable(np.zeros(hidden)))
        logit = tf.reduce_sum(h * tf.Variable(random.normal(size=hidden)), 1)
        logit += tf.Variable(0.0, dtype=tf.float64)
        loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=c, logits=logit))
        step, p = tf.train.AdamOptimizer(0.05).minimize(loss), tf.sigmoid(logit)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
        for _ in range(steps):
            session.run(step, {x: points, c: labels})
    return lambda some: session.run(p, {x: some})


def xor():
    points, labels = clouds([(-2, -2, 0), (2, 2, 0), (-2, 2, 1), (2, -2, 1)], 25)
    panels = []
    for i, hidden in enumerate((1, 2, 8)):
        panel = Plot((-5, 5), (-5, 5), left=260 * i, width=260, height=230,
                     title=f"{hidden} hidden unit{'s' if hidden > 1 else ''}")
        panel.field(train_net(hidden, points, labels))
        panel.points(*points[labels == 0].T, RED)
        panel.points(*points[labels == 1].T, BLUE)
        panels.append(panel)
    save("07-xor.svg", *panels)


def same_program():
    """Two windows with one program."""
    panel = Plot((0, 10), (0, 10), width=660, height=150)
    panel.parts = []
    lines = ("x = tf.placeholder(tf.float32, [None, 2])", "p = tf.nn.softmax(tf.matmul(x, W) + b)",
             "session.run(p, {x: points})")
    for i, (first, title) in enumerate((("import tensorflow as tf", "TensorFlow 1"),
                                        ("import pellucid as tf", "pellucid"))):
        left = 330 * i
        panel.parts += [f'<rect class="axis" x="{left + 5}" y="24" width="320" height="110"/>',
                        f'<text x="{left + 165}" y="16" text-anchor="middle">{title}</text>']
        panel.parts += [f'<text x="{left + 14}" y="{48 + 24 * j}" style="font: 11px monospace'
                        f'{"; font-weight: bold" if j == 0 else ""}">{line}</text>'
                        for j, line in enumerate((first, *lines))]
    save("08-same-program.svg", panel)


def plan():
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, [], name="x")
        y = tf.sin(x * x, name="y")
        slope = tf.gradients(y, x)[0]
        tf.viz.draw([y, slope], IMAGES / "09-gradients.svg", unfold=["gradients"])


def optimizers():
    panels = []
    chosen = [("gradient descent", lambda: tf.train.GradientDescentOptimizer(0.15)),
              ("momentum", lambda: tf.train.MomentumOptimizer(0.03, 0.8)),
              ("Adam", lambda: tf.train.AdamOptimizer(0.5))]
    for i, (title, optimizer) in enumerate(chosen):
        panel = Plot((-5, 5), (-2.5, 2.5), left=260 * i, width=260, height=200, title=title)
        contours(panel, valley, [1, 4, 9, 16, 25])
        panel.line(*path(optimizer, (-4.5, 1.5), 30).T, RED, dots=True)
        panels.append(panel)
    save("10-optimizers.svg", *panels)


def signal():
    """How large a signal is after each of twenty layers, for three sizes of the weights."""
    panel = Plot((0, 20), (-7, 7), width=480, height=240, labels=("layer", "size of the signal"))
    with tf.Graph().as_default():
        for stddev, color, place in ((0.05, RED, (13, -5.5)), (0.1, GREEN, (19.5, 0.8)),
                                     (0.2, BLUE, (16, 6))):
            x = tf.random_normal([200, 100], seed=1)
            layers = [x]
            for i in range(20):
                x = tf.matmul(x, tf.random_normal([100, 100], stddev=stddev, seed=i + 2))
                layers.append(x)
            sizes = tf.Session().run([tf.sqrt(tf.reduce_mean(h ** 2)) for h in layers])
            panel.line(range(21), np.log10(sizes), color, dots=True)
            panel.text(*place, f"weights of size {stddev}", "end")
    for power in (-6, -3, 0, 3, 6):
        _, up = panel.at(0, power)
        panel.parts.append(f'<text x="26" y="{up + 4:.1f}" text-anchor="end" '
                           f'style="font-size: 10px">1e{power}</text>')
    save("11-signal.svg", panel)


PICTURES = (affine, diamonds, perceptron, criterion, descent, chain, xor, same_program, plan,
            optimizers, signal)


def main():
    IMAGES.mkdir(exist_ok=True)
    for picture in PICTURES:
        picture()


if __name__ == "__main__":
    main()
