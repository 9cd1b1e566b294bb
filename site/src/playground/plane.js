// Pictures of the plane: what the net or one of its units says of each point, in colours.

// Colours of class 0, of the border between, and of class 1; red, green, blue.
const LIGHT = { minus: [224, 123, 40], middle: [250, 250, 252], plus: [31, 120, 200] };
const DARK = { minus: [232, 140, 60], middle: [32, 38, 48], plus: [75, 163, 245] };

export function coloursFor(element) {
  const [red] = getComputedStyle(element).color.match(/\d+/g).map(Number);
  return red > 140 ? DARK : LIGHT;                       // light text stands on a dark page
}

// Paints values between -1 and 1, resolution by resolution, into a canvas.
export function paintMap(canvas, values, resolution, colours, offset = 0) {
  canvas.width = resolution;
  canvas.height = resolution;
  const context = canvas.getContext("2d");
  const image = context.createImageData(resolution, resolution);
  for (let i = 0; i < resolution * resolution; i++) {
    const value = values[offset + i];
    const share = Number.isNaN(value) ? 0 : Math.max(-1, Math.min(1, value));
    const end = share < 0 ? colours.minus : colours.plus;
    for (let c = 0; c < 3; c++) {
      image.data[4 * i + c] = colours.middle[c] + Math.abs(share) * (end[c] - colours.middle[c]);
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// The large picture: the probability of class 1 as steps of colour, the line where it is 1/2, and
// the points. Test points are rings.
//   plane: { values: probabilities, resolution, side }, or null; points: { train, test }, triples.
export function paintPlane(canvas, { plane, points, showTest, colours }) {
  const size = canvas.clientWidth || 300;
  const ratio = globalThis.devicePixelRatio ?? 1;
  canvas.width = canvas.height = Math.round(size * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = rgb(colours.middle);
  context.fillRect(0, 0, size, size);
  const side = plane?.side ?? 3;
  if (plane) {
    const small = document.createElement("canvas");
    paintMap(small, plane.values.map(banded), plane.resolution, colours);
    context.globalAlpha = 0.8;
    context.drawImage(small, 0, 0, size, size);
    context.globalAlpha = 1;
    drawBorder(context, plane, size, colours);
  }
  if (points) {
    const draw = (list, isTest) => {
      for (let i = 0; i < list.length; i += 3) {
        const x = ((list[i] + side) / (2 * side)) * size;
        const y = ((side - list[i + 1]) / (2 * side)) * size;
        drawPoint(context, x, y, list[i + 2] > 0.5 ? colours.plus : colours.minus, isTest, colours);
      }
    };
    if (showTest) draw(points.test, true);
    draw(points.train, false);
  }
}

// Steps of colour are easier to read than a gradient.
function banded(p) {
  return Math.round((2 * p - 1) * 6) / 6;
}

function drawPoint(context, x, y, colour, isTest, { middle }) {
  context.beginPath();
  context.arc(x, y, isTest ? 3 : 3.4, 0, 2 * Math.PI);
  context.lineWidth = isTest ? 1.6 : 1;
  context.fillStyle = isTest ? rgb(middle) : rgb(colour);
  context.strokeStyle = isTest ? rgb(colour) : rgb(middle);
  context.fill();
  context.stroke();
}

// The line p = 1/2, by marching squares: between four neighbours, where the sign changes.
function drawBorder(context, { values, resolution }, size, colours) {
  const cell = size / resolution;
  const at = (row, column) => values[row * resolution + column] - 0.5;
  context.beginPath();
  for (let row = 0; row < resolution - 1; row++) {
    for (let column = 0; column < resolution - 1; column++) {
      for (const [a, b] of crossings(at(row, column), at(row, column + 1),
        at(row + 1, column), at(row + 1, column + 1))) {
        context.moveTo((column + 0.5 + a[0]) * cell, (row + 0.5 + a[1]) * cell);
        context.lineTo((column + 0.5 + b[0]) * cell, (row + 0.5 + b[1]) * cell);
      }
    }
  }
  context.lineWidth = 1.6;
  context.strokeStyle = colours === DARK ? "#e8ecf2" : "#3a4250";
  context.stroke();
}

// Pairs of points on the sides of a unit square whose corners have these values.
export function crossings(topLeft, topRight, bottomLeft, bottomRight) {
  const found = [];
  const between = (a, b) => a / (a - b);
  if (topLeft > 0 !== topRight > 0) found.push([between(topLeft, topRight), 0]);
  if (topRight > 0 !== bottomRight > 0) found.push([1, between(topRight, bottomRight)]);
  if (bottomLeft > 0 !== bottomRight > 0) found.push([between(bottomLeft, bottomRight), 1]);
  if (topLeft > 0 !== bottomLeft > 0) found.push([0, between(topLeft, bottomLeft)]);
  const pairs = [];
  for (let i = 0; i + 1 < found.length; i += 2) pairs.push([found[i], found[i + 1]]);
  return pairs;
}

function rgb([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

// A little picture of a set of points, for the button that chooses it.
export function paintIcon(canvas, icon, colours) {
  const size = 44;
  const ratio = globalThis.devicePixelRatio ?? 1;
  canvas.width = canvas.height = size * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  for (const [x, y, label] of icon) {
    context.beginPath();
    context.arc(((x + 1.05) / 2.1) * size, ((1.05 - y) / 2.1) * size, 1.8, 0, 2 * Math.PI);
    context.fillStyle = rgb(label ? colours.plus : colours.minus);
    context.fill();
  }
}
