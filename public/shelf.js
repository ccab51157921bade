// What the tabs of one browser have together, as long as one of them is open: the session, as a text that this worker
// doesn't read and keeps nowhere else. It counts what is put here. A renewal is put over the count that its tab has seen;
// if somebody has signed out meanwhile, it comes too late.
const tabs = new Set();
let session = null;
let count = 0;

const tell = (tab, question) => tab.postMessage([count, session, question]);

self.onconnect = ({ ports: [tab] }) => {
  tabs.add(tab);
  tab.onmessage = ({ data: [what, text, seen] }) => {
    if (what === 'get') tell(tab, text);
    else if (what === 'gone') tabs.delete(tab);
    else if (what === 'put' && (seen ?? count) === count) {
      session = text ?? null;
      count += 1;
      tabs.forEach((other) => other !== tab && tell(other, null));
    } else if (what === 'put') tell(tab, null);
  };
};
