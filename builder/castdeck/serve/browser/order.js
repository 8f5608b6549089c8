// Puts elements into an order with as few moves as can be: what moves in the page may lose its state.

/** Make `nodes` stand in this order in `parent`, right before `next` (null: at the end). */
export function putInOrder(parent, nodes, next) {
  const places = new Map([...parent.children].map((node, index) => [node, index]));
  const still = longestRise(nodes.map((node) => places.get(node) ?? -1));
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    if (!still.has(index)) parent.insertBefore(nodes[index], next);
    next = nodes[index];
  }
}

/** The indices of a longest rising subsequence of `values`; negative values are left out. */
function longestRise(values) {
  const tails = []; // tails[length - 1]: index of the smallest value that ends a rise of that length
  const before = new Array(values.length).fill(-1);
  values.forEach((value, index) => {
    if (value < 0) return;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]] < value) low = middle + 1;
      else high = middle;
    }
    before[index] = low ? tails[low - 1] : -1;
    tails[low] = index;
  });
  const found = new Set();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index]) found.add(index);
  return found;
}
