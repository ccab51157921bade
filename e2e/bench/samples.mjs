/** From samples to cells. */

export function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return (low + high) / 2;
}

/** The median with the smallest and the largest sample, and the ratio of the medians to what it is compared with. */
export function cell(samples, unit, other) {
  if (samples.length === 0 || samples.some((sample) => !Number.isFinite(sample))) throw new Error(`No samples: ${samples}`);
  const ratio = other && median(other) > 0 ? median(samples) / median(other) : null;
  return { median: median(samples), low: Math.min(...samples), high: Math.max(...samples), unit, ratio };
}

/** Everybody in turn, each turn beginning with another, so that nobody is always the first. */
export function turn(all, round) {
  return all.map((_, index) => all[(index + round) % all.length]);
}

/** One key of all samples. */
export function column(samples, key) {
  return samples.map((sample) => sample[key]);
}
