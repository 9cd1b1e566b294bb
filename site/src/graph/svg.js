// Making elements: short words for the browser's long ones.

const SPACE = "http://www.w3.org/2000/svg";

// An SVG element with attributes and children (elements or strings).
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SPACE, tag), attributes, children);
}

// An HTML element; attributes that begin with "on" are functions to listen with.
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
