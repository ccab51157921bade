// Before the app: the one policy of Trusted Types, which page this is, a word if the app can't be loaded, and the questions
// that the app will ask first. It runs before anything is seen, so it must stay small.

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

// Which parts of the shell are to be seen. Somebody who was signed in may still be: that isn't known yet.
(() => {
  const { dataset } = document.documentElement;
  const pages = { '/': 'list', '/login': 'login', '/callback': 'login' };
  dataset.page = pages[location.pathname] ?? 'other';
  // Whoever signs in comes back to where they are.
  const here = location.pathname + location.search;
  const comeBack = () =>
    document.getElementById('shell-sign-in')?.setAttribute('href', `/login?to=${encodeURIComponent(here)}`);
  if (here !== '/') addEventListener('DOMContentLoaded', comeBack);
  try {
    if (localStorage.getItem('pets.was-signed-in')) dataset.person = 'unknown';
  } catch {
    // A browser that keeps nothing has nobody to know again.
  }
})();

// What a visitor who looks at pets does without: the modules for members, and the looks of the page of rights. They are
// fetched at once on a page that needs them or for somebody who may be signed in, and otherwise when a hand or the focus
// moves to a link that leads to such a page.
(() => {
  const style = document.getElementById('access-style');
  const asked = new Set();
  const fetchLater = (name) => {
    for (const href of document.querySelector(`meta[name="${name}"]`)?.content.match(/\S+/g) ?? []) {
      // The app may have been quicker.
      if (asked.has(href) || performance.getEntriesByName(location.origin + href).length) continue;
      asked.add(href);
      const link = document.createElement('link');
      Object.assign(link, { rel: 'preload', as: 'fetch', type: 'application/wasm', crossOrigin: '', href });
      document.head.append(link);
    }
  };
  const dress = (path) => {
    if (/^\/(access|callback)$/.test(path)) style.disabled = false;
  };
  const prepare = (path) => {
    dress(path);
    if (path === '/access') fetchLater('office');
    if (/^\/(callback|login|pets\/\d+\/purchase)$/.test(path)) fetchLater('members');
  };
  const look = ({ target }) => {
    // What else it needs, the app has asked for.
    dress(location.pathname);
    const link = target.closest?.('a[href^="/"]');
    if (link) prepare(link.pathname);
  };
  prepare(location.pathname);
  if (document.documentElement.dataset.person) fetchLater('members');
  for (const event of ['pointerover', 'focusin', 'click', 'popstate']) addEventListener(event, look, true);
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

// What the app will ask for first is asked for while the app is on its way. It takes each answer at most once, and only
// if it would send the very same request; what it makes of it is its own business.
(() => {
  const asked = new Map();
  const place = (url) => url.split('?')[0];
  const ask = (url, credentials) => {
    const answer = fetch(url, {
      credentials,
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(20000),
    });
    // Whoever takes it hears of it.
    answer.catch(() => {});
    asked.set(place(url), { url, answer });
    return answer;
  };
  const takeEarly = (url) => {
    const early = asked.get(place(url));
    asked.delete(place(url));
    return early?.url === url ? early.answer : undefined;
  };
  Object.defineProperty(globalThis, 'takeEarly', { value: takeEarly });

  // The list's query as the app would write it, or nothing if that isn't plain to see.
  const query = () => {
    const pet = /^\/pets\/([1-9]\d{0,14})\/purchase$/.exec(location.pathname)?.[1];
    if (pet) return `?id=${pet}`;
    if (location.pathname !== '/') return;
    const known = { type: /^(?!.{41})[a-z]+( [a-z]+)*$/i, status: /^(available|sold)$/, sort: /^(-id|-?price)$/ };
    const wanted = new URLSearchParams(location.search);
    const pairs = Object.keys(known).flatMap((name) => wanted.getAll(name).map((value) => [name, value]));
    if (new Set(pairs.map(([name]) => name)).size < pairs.length) return;
    if (!pairs.every(([name, value]) => known[name].test(value))) return;
    return pairs.length ? `?${new URLSearchParams(pairs)}`.replaceAll('+', '%20') : '';
  };
  // As the app sees it: encrypted unless it is on this machine, and with the stage at its end.
  const isApi = (url) =>
    /^(https:\/\/[^/?#@\s\\]*[^/?#@\s\\:]|http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?)(\/[^/?#@\s\\]+)+\/*$/.test(url);
  const list = query();
  const askList = (api) => {
    if (list !== undefined && isApi(api)) draw(ask(`${api.replace(/\/+$/, '')}/pets${list}`, 'omit'));
  };

  // The pets as everybody sees them, until the app shows them with their pictures. Whoever may have rights, or comes back to
  // a place further down, waits for the app: for them it shows the list in another way.
  const isPlain =
    location.pathname === '/' && !/[?&]pages=/.test(location.search) && !history.state && !document.documentElement.dataset.person;
  const element = (name, className, content) => {
    const made = document.createElement(name);
    made.className = className;
    made.append(...content);
    return made;
  };
  const card = ({ type, price, isSold, soldTo }, money) => {
    if (typeof type !== 'string' || typeof price !== 'number') throw new TypeError('This is no pet.');
    const kind = [/^(?!uni)[aeiou]/i.test(type) ? 'an ' : 'a ', element('span', 'pet-kind', [type])];
    const cost = element('span', 'pet-price', [money.format(price)]);
    const buyer = soldTo ? [' to ', element('strong', '', [soldTo])] : [];
    const sentence = isSold ? ['Sold ', ...kind, ...buyer, ' for ', cost] : ['We have ', ...kind, ' for sale for ', cost];
    const made = element('li', 'pet', [element('span', 'pet-picture', []), element('p', '', sentence)]);
    made.toggleAttribute('data-sold', isSold);
    return made;
  };
  const section = (title, pets, isLong, money) => {
    if (pets.length === 0) return [];
    const cards = element('ul', 'pets', pets.map((pet) => card(pet, money)));
    cards.toggleAttribute('data-long', isLong);
    return [element('section', 'section', [element('h2', '', [title]), cards])];
  };
  const draw = async (answer) => {
    if (!isPlain) return;
    try {
      const [pets, { currency }] = await Promise.all([answer, config].map(async (one) => (await one).clone().json()));
      const isLong = pets.length > 50 || /rel="next"/.test((await answer).headers.get('link'));
      const money = new Intl.NumberFormat(undefined, { style: 'currency', currency });
      const [unsold, sold] = [false, true].map((isSold) => pets.slice(0, 50).filter((pet) => pet.isSold === isSold));
      const sections = [...section('For sale', unsold, isLong, money), ...section('Sold', sold, isLong, money)];
      if (sections.length > 0) document.getElementById('shell-pets').replaceChildren(...sections);
    } catch {
      // The app says what is wrong with them.
    }
  };

  const config = ask(`${location.origin}/config.json`, 'same-origin');
  const api = document.querySelector('meta[name="api"]')?.content;
  if (api) askList(api);
  else config.then((answer) => answer.clone().json()).then(({ apiUrl }) => askList(apiUrl)).catch(() => {});
})();
