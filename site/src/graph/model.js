// From the data of pellucid/viz/stepping.py to what the view thinks in: leaves, edges and steps.
//
// A leaf is what is drawn as one node: an operation, or a variable with its read. Read next:
// folding.js, which decides which leaves are seen.

// {
//   nodes: as in the data, each with `id` and `leaf`,
//   leaves: list of { id, name, kind, opType, members: nodes, head: node, isTarget },
//   edges: list of { from, to: leaves, output, position, node: the consumer, isControl },
//   steps: list of { phase, leaf, node, tensor, value | sent, total, from, edge, ... },
//   folded: set of the names of scopes that are not opened at first,
//   types, note }
export function makeModel(data) {
  const nodes = data.nodes.map((node, id) => ({ ...node, id, leaf: null }));
  const leaves = makeLeaves(nodes);
  const edges = makeEdges(nodes);
  const model = { nodes, leaves, edges, types: data.types ?? {},
    folded: new Set(data.folded ?? []), note: data.note ?? "" };
  model.steps = makeSteps(data.steps ?? [], model);
  return model;
}

function makeLeaves(nodes) {
  const leaves = [];
  for (const node of nodes) {
    if (node.variable !== null) continue;
    node.leaf = { id: node.id, name: node.name, kind: node.kind, opType: node.op_type, head: node,
      members: [node], isTarget: node.is_target };
    leaves.push(node.leaf);
  }
  for (const node of nodes) {
    if (node.variable === null) continue;
    node.leaf = nodes[node.variable].leaf;
    node.leaf.members.push(node);
    node.leaf.isTarget ||= node.is_target;
  }
  return leaves;
}

// One edge for each input, so that err * err has two.
function makeEdges(nodes) {
  const edges = [];
  for (const node of nodes) {
    node.inputs.forEach(([source, output], position) => {
      const from = nodes[source].leaf;
      if (from !== node.leaf) {
        edges.push({ from, to: node.leaf, node, source: nodes[source], output, position,
          isControl: false });
      }
    });
    for (const source of node.controls) {
      const from = nodes[source].leaf;
      if (from !== node.leaf) {
        edges.push({ from, to: node.leaf, node, source: nodes[source], output: null,
          position: null, isControl: true });
      }
    }
  }
  return edges;
}

// The steps of the run as the reader sees them. Where a variable and its read are one node, the
// value passes through it in one step, and so does the gradient.
function makeSteps(steps, { nodes, edges }) {
  const edgeAt = new Map();
  for (const edge of edges) {
    if (!edge.isControl) edgeAt.set(`${edge.node.id}:${edge.position}`, edge);
  }
  const seen = new Set();
  const found = [];
  for (const step of steps) {
    const node = nodes[step.node];
    const from = nodes[step.from] ?? null;
    const isInside = step.phase === "forward"
      ? node.variable !== null && seen.has(node.leaf)
      : from !== null && from.leaf === node.leaf && step.parts === 1;
    if (step.phase === "forward") seen.add(node.leaf);
    if (isInside) continue;
    found.push({ ...step, node, from, leaf: node.leaf,
      tensor: node.outputs[step.output] ?? null,
      edge: from ? edgeAt.get(`${from.id}:${step.position}`) ?? null : null });
  }
  return found;
}
