// The planned time: `minutes=15` on a slide is for it and what follows, up to the next slide that has some.

/** The plan's parts in seconds, and between which two times a slide should be shown; null where nothing is planned. */
export function planAt(slides, index, totalTime) {
  const begins = slides.map(({ dataset }) => 60 * parseFloat(dataset.minutes)).flatMap((seconds, at) => (seconds > 0 ? [{ seconds, at }] : []));
  if (!begins.length && totalTime > 0) begins.push({ seconds: totalTime, at: 0 });
  if (!begins.length) return null;
  const parts = begins.map(({ seconds, at }, number) => ({ seconds, at, count: (begins[number + 1]?.at ?? slides.length) - at }));
  const from = parts.reduce((sum, part) => sum + part.seconds * share(part, index), 0);
  const to = parts.reduce((sum, part) => sum + part.seconds * share(part, index + 1), 0);
  return { parts: parts.map(({ seconds }) => seconds), from, to };
}

/** Which share of a part is over when the slides before `index` are. */
function share({ at, count }, index) {
  return Math.max(0, Math.min(1, (index - at) / count));
}
