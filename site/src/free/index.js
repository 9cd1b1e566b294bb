// The free page: to come.
export function mountFree(element) {
  element.textContent = "The free page is being built.";
}
