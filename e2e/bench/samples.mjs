/** From samples to cells. */

export function median(samples) {
  return quantile(samples, 0.5);
}

/** The value below which this part of the samples lies, straight between two neighbours. */
function quantile(samples, part) {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** The median with the quartiles around it, and the ratio of the medians to what it is compared with. */
export function cell(samples, unit, other) {
  if (samples.length === 0 || samples.some((sample) => !Number.isFinite(sample))) throw new Error(`No samples: ${samples}`);
  const ratio = other && median(other) > 0 ? median(samples) / median(other) : null;
  return { median: median(samples), low: quantile(samples, 0.25), high: quantile(samples, 0.75), unit, ratio };
}

/** Everybody in turn, each turn beginning with another, so that nobody is always the first. */
export function turn(all, round) {
  return all.map((_, index) => all[(index + round) % all.length]);
}

/** One key of all samples. */
export function column(samples, key) {
  return samples.map((sample) => sample[key]);
}
