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
  const ratio = other?.length > 0 && median(other) > 0 ? median(samples) / median(other) : null;
  return { median: median(samples), low: quantile(samples, 0.25), high: quantile(samples, 0.75), unit, ratio };
}

/**
 * Measures everybody in turns, each turn beginning with another, so that nobody is always the first. Who fails takes no
 * further part, and what the others take is not lost: `{ samples }` or `{ samples, failure }` for each.
 */
export async function inTurns(sides, rounds, measure) {
  const results = new Map(sides.map((side) => [side, { samples: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const side of sides.map((_, index) => sides[(index + round) % sides.length])) {
      const result = results.get(side);
      if (result.failure) continue;
      await measure(side, round).then(
        (sample) => {
          const missing = Object.keys(sample).filter((key) => !Array.isArray(sample[key]) && !Number.isFinite(sample[key]));
          if (missing.length > 0) result.failure = `no ${missing.join(', ')} was seen`;
          result.samples.push(sample);
        },
        (error) => (result.failure = error.message),
      );
    }
  }
  return results;
}

/** A line for each side, of its samples or of why there are none; and whose failed. */
export function lines(results, columns, row) {
  const failures = [];
  const rows = [...results].map(([side, { samples, failure }]) => {
    if (!failure) return row(side, samples);
    failures.push(`${side.name}: ${failure}`);
    return [side.name, failed(failure), ...columns.slice(2).map(() => '')];
  });
  return { columns, rows, failures };
}

/** In place of numbers. */
export function failed(why) {
  return `failed: ${why.replaceAll(/[\n|]+/g, ' ').slice(0, 300)}`;
}

/** One key of all samples. */
export function column(samples, key) {
  return samples.map((sample) => sample[key]);
}
