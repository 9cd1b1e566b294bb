// Name scopes as a tree that folds, so that at most a couple of hundred nodes are drawn.
//
// A part of the tree is a leaf of the model, or a scope { name, label, children, parent, size,
// isScope }. Scopes with very many children get bundles in between, runs of their children.

export const LIMIT = 200;
const CROWD = 120;             // a scope with more children than this is bundled
const BUNDLE = 40;

// The root of the tree of some leaves.
export function makeTree(leaves) {
  const root = newScope("", null);
  const scopes = new Map([["", root]]);
  for (const leaf of leaves) scopeOf(leaf.name, scopes);
  for (const leaf of leaves) {
    // An operation with its scope's own name, "loss" beside "loss/...", goes inside.
    const scope = scopes.get(leaf.name) ?? scopeOf(leaf.name, scopes);
    scope.children.push(leaf);
  }
  // Inner scopes were made after outer ones.
  for (const scope of [...scopes.values()].reverse()) {
    scope.children = scope.children.flatMap((child) => (child.isScope ? unwrapped(child) : [child]));
    scope.size = 0;
    scope.first = Infinity;
    for (const child of scope.children) {
      scope.size += child.size ?? 1;
      scope.first = Math.min(scope.first, child.first ?? child.id);
    }
    scope.children.sort((a, b) => (a.first ?? a.id) - (b.first ?? b.id));
    bundle(scope);
  }
  adopt(root);
  return root;
}

function newScope(name, parent) {
  return { name, label: name, parent, children: [], size: 0, first: 0, isScope: true };
}

function scopeOf(name, scopes) {
  let scope = scopes.get("");
  const words = name.split("/").slice(0, -1);
  for (let depth = 1; depth <= words.length; depth++) {
    const prefix = words.slice(0, depth).join("/");
    if (!scopes.has(prefix)) {
      scopes.set(prefix, newScope(prefix, scope));
      scope.children.push(scopes.get(prefix));
    }
    scope = scopes.get(prefix);
  }
  return scope;
}

// What stands in a scope's parent: the scope, or what is in it where a box would say nothing:
// that is a scope of one, or what `x * 2.0` makes, an operation and its constants.
function unwrapped(scope) {
  const parts = scope.children.filter((part) => part.kind !== "constant");
  const isSmall = scope.children.length < 2 || (parts.length === 1 && parts[0].name === scope.name);
  return isSmall ? scope.children : [scope];
}

function bundle(scope) {
  while (scope.children.length > CROWD) {
    const runs = [];
    const count = Math.ceil(scope.children.length / BUNDLE);
    for (let i = 0; i < count; i++) {
      const run = scope.children.slice(Math.floor(i * scope.children.length / count),
        Math.floor((i + 1) * scope.children.length / count));
      const ends = [run[0].ends?.[0] ?? run[0].name, run.at(-1).ends?.[1] ?? run.at(-1).name];
      const made = newScope(ends.join(" … "), scope);
      made.ends = ends;
      made.children = run;
      made.first = run[0].first ?? run[0].id;
      made.size = run.reduce((sum, part) => sum + (part.size ?? 1), 0);
      made.isBundle = true;
      runs.push(made);
    }
    scope.children = runs;
  }
}

// Parents and labels: names as they are within the scope around them.
function adopt(root) {
  const stack = [root];
  while (stack.length) {
    const scope = stack.pop();
    const prefix = scope.isBundle ? scope.prefix : scope.name && `${scope.name}/`;
    for (const child of scope.children) {
      child.parent = scope;
      child.prefix = prefix;
      const cut = (name) => (prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name);
      child.label = child.isBundle
        ? child.ends.map((name) => cut(name).split("/")[0]).join(" … ")
        : child.name === scope.name ? child.name.split("/").at(-1) : cut(child.name);
      if (child.isScope) stack.push(child);
    }
  }
}

// -- opening ------------------------------------------------------------------------------------

// The set of scopes that are open at first: outer and small ones, while no more than `limit`
// nodes are drawn. Those with a name in the set `folded` stay as they are.
export function openAtFirst(root, limit = LIMIT, folded = new Set()) {
  const open = new Set([root]);
  let drawn = root.children.length;
  let level = root.children.filter((part) => part.isScope);
  while (level.length) {
    level.sort((a, b) => a.size - b.size);
    const next = [];
    for (const scope of level) {
      const stays = scope.isBundle || folded.has(scope.name);
      if (stays || drawn + scope.children.length - 1 > limit) continue;
      open.add(scope);
      drawn += scope.children.length - 1;
      next.push(...scope.children.filter((part) => part.isScope));
    }
    level = next;
  }
  return open;
}

// A copy of the set of open scopes in which `scope` is open (and all around it). Others are
// folded, the earliest opened first, where more than `limit` nodes would be drawn.
export function opened(open, scope, limit = LIMIT) {
  const kept = new Set();
  for (let outer = scope; outer; outer = outer.parent) kept.add(outer);
  const found = new Set(open);
  for (const part of [...kept].reverse()) {
    found.delete(part);
    found.add(part);
  }
  for (const other of open) {
    if (countDrawn(found) <= limit) break;
    if (!kept.has(other)) closeIn(found, other);
  }
  return found;
}

// A copy of the set of open scopes without `scope` and what is in it.
export function closed(open, scope) {
  const found = new Set(open);
  closeIn(found, scope);
  return found;
}

function closeIn(open, scope) {
  for (const other of [...open]) {
    for (let outer = other; outer; outer = outer.parent) {
      if (outer === scope) open.delete(other);
    }
  }
}

function countDrawn(open) {
  let count = 1;
  for (const scope of open) count += scope.children.length - 1;
  return count;
}

// -- what is seen -------------------------------------------------------------------------------

// {
//   parts: list of the parts that are drawn as nodes,
//   boxes: list of the open scopes that are drawn around them, outer ones first,
//   shown: Map from each leaf to the part that stands for it,
//   edges: list of { key, from, to: parts, edges: of the model, isControl } }
export function look(root, open, modelEdges) {
  const parts = [];
  const boxes = [];
  const shown = new Map();
  const stack = [...root.children].reverse();
  while (stack.length) {
    const part = stack.pop();
    if (part.isScope && open.has(part)) {
      boxes.push(part);
      stack.push(...[...part.children].reverse());
      continue;
    }
    parts.push(part);
    for (const leaf of leavesOf(part)) shown.set(leaf, part);
  }
  return { parts, boxes, shown, edges: joinEdges(modelEdges, shown) };
}

// The leaves of a part.
export function leavesOf(part) {
  const leaves = [];
  const stack = [part];
  while (stack.length) {
    const inner = stack.pop();
    if (inner.isScope) stack.push(...inner.children);
    else leaves.push(inner);
  }
  return leaves;
}

// Between two leaves there is an edge for each input; to and from a folded scope one for all.
function joinEdges(modelEdges, shown) {
  const found = new Map();
  for (const edge of modelEdges) {
    const from = shown.get(edge.from);
    const to = shown.get(edge.to);
    if (from === to) continue;
    const single = !from.isScope && !to.isScope && !edge.isControl;
    const which = single ? `${edge.node.id}:${edge.position}` : edge.isControl ? "control" : "all";
    const key = `${keyOf(from)}>${keyOf(to)}>${which}`;
    if (!found.has(key)) {
      found.set(key, { key, from, to, edges: [], isControl: edge.isControl });
    }
    found.get(key).edges.push(edge);
  }
  return [...found.values()];
}

// A name for a part that no other part has.
export function keyOf(part) {
  return part.isScope ? `scope ${part.first} ${part.name}` : `node ${part.id}`;
}
