// The program that the reader is writing, kept in this browser from visit to visit.

const KEY = "pellucid free program";

export function keep(code) {
  try {
    localStorage.setItem(KEY, code);
  } catch {
    // Private windows and full disks do not keep it; the page works without.
  }
}

// The kept program, or null.
export function kept() {
  try {
    return localStorage.getItem(KEY) || null;
  } catch {
    return null;
  }
}
