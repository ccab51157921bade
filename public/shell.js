// Before the app: the one policy of Trusted Types, and a word if the app can't be loaded.

// No text becomes code here, and only one address a worker: the one that the build wrote into the page. It is read before
// anything else can run, and given out once: the app is the first to ask. A browser without Trusted Types gets the
// address as it is.
(() => {
  let address = document.querySelector('meta[name="shelf"]')?.content;
  const createScriptURL = (wanted) => {
    if (address && wanted === address) return wanted;
    throw new TypeError('This page has no such script.');
  };
  const policy = globalThis.trustedTypes?.createPolicy('shelf', { createScriptURL }) ?? { createScriptURL };
  const shelfUrl = () => {
    const url = policy.createScriptURL(address);
    address = undefined;
    return url;
  };
  Object.defineProperty(globalThis, 'shelfUrl', { value: shelfUrl });
})();

// Says so when the app can't be loaded: a file that is missing or blocked, a browser without WebAssembly, or no
// progress for a long time. As soon as the app takes the shell's place there is nothing left to do.
(() => {
  const failed = () => {
    const notice = document.getElementById('shell-failed');
    if (!notice) return;
    notice.hidden = false;
    document.getElementById('shell-wait').hidden = true;
  };
  const whenReady = (act) =>
    document.readyState === 'loading' ? addEventListener('DOMContentLoaded', act, { once: true }) : act();
  if (typeof WebAssembly !== 'object') whenReady(failed);
  // Only a capturing listener hears of scripts and styles that didn't load.
  addEventListener('error', () => whenReady(failed), true);
  addEventListener('unhandledrejection', () => whenReady(failed));
  setTimeout(failed, 30000);
})();
