// A matrix of numbers as a picture: blue below zero, orange above, the farther the stronger.

const LARGEST = 320;               // pixels of the longer side

export function heatMap({ shape, values, text, of }) {
  const [rows, columns] = [values.length, values[0].length];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const side = Math.max(2, Math.min(24, Math.floor(LARGEST / Math.max(rows, columns))));
  canvas.style.width = `${columns * side}px`;
  canvas.style.height = `${rows * side}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `A matrix of shape ${shape.join(" by ")}: ${text.slice(0, 400)}`);

  const numbers = values.flat().map(Number);
  const most = Math.max(...numbers.map(Math.abs).filter(Number.isFinite)) || 1;
  const context = canvas.getContext("2d");
  numbers.forEach((number, i) => {
    context.fillStyle = colour(number / most);
    context.fillRect(i % columns, Math.floor(i / columns), 1, 1);
  });

  const figure = document.createElement("figure");
  figure.className = "heat-map";
  const caption = document.createElement("figcaption");
  caption.textContent = `${shape.join(" × ")}, from ${short(Math.min(...numbers))} to `
    + `${short(Math.max(...numbers))}${of ? `, every so many: ${of}` : ""}`;
  figure.append(canvas, caption);
  return figure;
}

function colour(strength) {
  if (!Number.isFinite(strength)) return "#888";
  const [red, green, blue] = strength < 0 ? [43, 119, 184] : [222, 125, 30];
  return `rgba(${red}, ${green}, ${blue}, ${0.06 + 0.94 * Math.abs(strength)})`;
}

const short = (number) => Number(number.toPrecision(3)).toString();
