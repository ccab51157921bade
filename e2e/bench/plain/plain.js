// Fetches the pets and draws all of them.
const { api, pictures } = document.currentScript.dataset;
const answer = fetch(`${api}/pets`, { credentials: 'omit', cache: 'no-store' });
const known = new Set(pictures.split(' '));
const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

function element(name, className, ...children) {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function card(pet) {
  const picture = Object.assign(document.createElement('img'), { alt: '', width: 88, height: 88, loading: 'lazy', decoding: 'async' });
  const words = [pet.type, pet.type.split(' ').at(-1), 'paw'];
  picture.src = `/pictures/${words.find((word) => known.has(word))}.svg`;
  const kind = element('span', 'pet-kind', pet.type);
  const price = element('span', 'pet-price', money.format(pet.price));
  const sentence = pet.isSold ? ['Sold a ', kind, ' for ', price] : ['We have a ', kind, ' for sale for ', price];
  return element('li', 'pet', element('span', 'pet-picture', picture), element('p', '', ...sentence));
}

async function draw() {
  const pets = await (await answer).json();
  if (document.readyState === 'loading') await new Promise((parsed) => addEventListener('DOMContentLoaded', parsed, { once: true }));
  const rows = pets.map((pet) => ({ kind: pet.type.toLowerCase(), isSold: pet.isSold, row: card(pet) }));
  for (const [id, isSold] of [['unsold', false], ['sold', true]]) {
    const shelf = rows.filter((pet) => pet.isSold === isSold);
    const section = document.getElementById(id);
    const list = element('ul', 'pets');
    // One by one: as arguments of one call, a hundred thousand are more than the stack takes.
    for (const { row } of shelf) list.append(row);
    section.append(list);
    section.hidden = shelf.length === 0;
  }
  const filter = document.getElementById('kind');
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const { kind, row } of rows) row.hidden = !kind.includes(wanted);
  });
}

draw();
