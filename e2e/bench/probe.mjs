/** Runs in a page before any script of its own, and keeps what it sees in `window.seen`. */
export function probe() {
  if (location.pathname === '/blank') return;
  const seen = { shift: 0, shifts: [], blank: 0, jumps: [], petsAt: null, changed: 0, pressed: 0 };
  window.seen = seen;

  /** Calls with the time at which what is there now has been painted: a task after the next frame. */
  const painted = (call) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => call(performance.now());
      port2.postMessage(0);
    });
  seen.painted = painted;

  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      seen.shift += entry.value;
      const of = entry.sources.map(({ node }) => node?.nodeName + (node?.className ? `.${node.className}` : ''));
      seen.shifts.push(`${entry.value.toFixed(4)} at ${entry.startTime.toFixed(0)} ms: ${of}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });

  // A frame after the first contentful paint that shows neither heading nor brand is a white one.
  const shows = (selector) => document.querySelector(selector)?.getClientRects().length > 0;
  // What takes another's place is new to the browser and no layout shift; a person sees it jump all the same.
  const places = { 'header a': null, h1: null, 'main form': null, 'main li': null };
  const jump = (selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect();
    if (!box?.height) return;
    const at = `${box.left.toFixed(0)},${box.top.toFixed(0)}`;
    if (places[selector] !== null && places[selector] !== at) seen.jumps.push(`${selector} from ${places[selector]} to ${at}`);
    places[selector] = at;
  };
  let watching = true;
  const look = () => {
    if (performance.getEntriesByName('first-contentful-paint').length > 0) {
      if (!shows('h1') && !shows('header')) seen.blank += 1;
      for (const selector of Object.keys(places)) jump(selector);
    }
    if (watching) painted(look);
  };
  painted(look);

  // A pet is a list item of the page that says something; what only stands in for one says nothing.
  const rows = () => [...document.querySelectorAll('main li')].filter((row) => row.textContent && !row.closest('[aria-hidden]'));
  seen.rows = rows;
  let drawing = false;
  const changed = () => {
    if (drawing) return;
    drawing = true;
    painted((now) => {
      drawing = false;
      seen.changed = now;
      if (seen.petsAt === null && rows().length > 0) seen.petsAt = now;
    });
  };
  const what = { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden', 'class', 'style'] };
  new MutationObserver(changed).observe(document, what);
  addEventListener('input', changed, true);
  addEventListener('keydown', (event) => {
    watching = false;
    seen.pressed = event.timeStamp;
  }, true);
}
