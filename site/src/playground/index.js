// The net playground: to come.
export function mountPlayground(element) {
  element.textContent = "The playground is being built.";
}
