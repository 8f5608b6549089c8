// Turns an element into another one and keeps, in place and alive, every part that is the same in both.

const WHOLE = ".terminal-box, .code-box, .math, .diagram, script, style, svg, canvas, iframe, object, video, audio";

/**
 * `before` is what `live` was made from, `after` what it has to become. What a script has changed in `live` since stays,
 * in the parts that stay. `gone` is called with each element before it goes.
 */
export function morph(live, before, after, gone) {
  changeAttributes(live, before, after);
  if (live.childNodes.length !== before.childNodes.length) {
    for (const child of live.children) gone(child);
    live.replaceChildren(...after.childNodes);
    return;
  }
  const olds = [...before.childNodes].map((node, index) => ({ node, live: live.childNodes[index], used: false }));
  const news = [...after.childNodes].map((node) => ({ node, old: null }));
  pairEqual(olds, news);
  pairLikely(olds, news);
  for (const old of olds) {
    if (old.used) continue;
    if (old.live.nodeType === Node.ELEMENT_NODE) gone(old.live);
    old.live.remove();
  }
  let place = live.firstChild;
  for (const { node, old } of news) {
    const kept = old ? old.live : node;
    if (kept === place) place = place.nextSibling;
    else live.insertBefore(kept, place);
    if (old && !old.node.isEqualNode(node)) change(kept, old.node, node, gone);
  }
}

function change(live, before, after, gone) {
  if (live.nodeType === Node.ELEMENT_NODE) morph(live, before, after, gone);
  else live.data = after.data;
}

/** Pair what is equal: from the front, from the back, then wherever it stands. */
function pairEqual(olds, news) {
  const pair = (old, fresh) => {
    if (!old || !fresh || old.used || fresh.old || !old.node.isEqualNode(fresh.node)) return false;
    fresh.old = old;
    old.used = true;
    return true;
  };
  let front = 0;
  while (pair(olds[front], news[front])) front += 1;
  let back = 1;
  while (pair(olds.at(-back), news.at(-back))) back += 1;
  for (const fresh of news) if (!fresh.old) olds.some((old) => pair(old, fresh));
}

/** Pair what is left with the next one of its kind, to be changed. */
function pairLikely(olds, news) {
  for (const fresh of news) {
    if (fresh.old || (fresh.node.nodeType === Node.ELEMENT_NODE && fresh.node.matches(WHOLE))) continue;
    const old = olds.find((old) => !old.used && sameKind(old.node, fresh.node));
    if (!old) continue;
    fresh.old = old;
    old.used = true;
  }
}

function sameKind(one, other) {
  return one.nodeName === other.nodeName && one.className === other.className;
}

/** Change only what differs between `before` and `after`, so that classes and styles set by scripts stay. */
export function changeAttributes(live, before, after) {
  for (const { name } of [...before.attributes]) {
    if (name !== "class" && !after.hasAttribute(name)) live.removeAttribute(name);
  }
  for (const { name, value } of after.attributes) {
    if (name !== "class" && before.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  live.classList.remove(...[...before.classList].filter((name) => !after.classList.contains(name)));
  live.classList.add(...[...after.classList].filter((name) => !before.classList.contains(name)));
}
