// The stepping view of a graph: to come.
export function mountGraph(element, data) {
  element.textContent = data.text ?? "";
}
