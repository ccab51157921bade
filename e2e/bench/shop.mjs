/** Many pets, and an API that answers lists of them from memory. Rights and signatures are no part of it. */

const kinds = ['cat', 'dog', 'fish', 'horse', 'rabbit', 'parrot', 'hamster', 'tortoise'];

/** A key that is in the name of one kind only. */
export const key = 'c';

/** A fifth are sold. */
export function makePets(count) {
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    type: kinds[index % kinds.length],
    price: 10 + ((index * 37) % 500) + 0.5,
    isSold: index % 5 === 4,
  }));
}

/** What `Site.answer` takes: configuration and pages of the list, the unsold before the sold, `limit` pets in each. */
export function answerFrom(pets, origin, limit) {
  const config = {
    issuer: `${origin}/`,
    clientId: 'pets-spa',
    apiUrl: `${origin}/api`,
    stsUrl: `${origin}/sts`,
    region: 'eu-west-1',
    roles: { admin: 'arn:aws:iam::123456789012:role/admin', buyer: 'arn:aws:iam::123456789012:role/buyer' },
    socialConnections: ['google-oauth2'],
    currency: 'USD',
  };
  const ordered = [...pets.filter((pet) => !pet.isSold), ...pets.filter((pet) => pet.isSold)];
  const bodies = new Map();
  const json = (value) => ({ headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) });
  return (_request, { pathname, searchParams }) => {
    if (pathname === '/config.json') return json(config);
    if (pathname !== '/api/pets') return undefined;
    const [kind, status, start] = [searchParams.get('type'), searchParams.get('status'), Number(searchParams.get('cursor') ?? 0)];
    const place = `${kind} ${status} ${start}`;
    if (!bodies.has(place)) {
      const fits = (pet) => (!kind || pet.type === kind.toLowerCase()) && (!status || pet.isSold === (status === 'sold'));
      const all = ordered.filter(fits);
      const answer = json(all.slice(start, start + limit));
      if (start + limit < all.length) {
        const next = new URLSearchParams({ ...Object.fromEntries(searchParams), cursor: String(start + limit) });
        answer.headers.link = `<${origin}/api/pets?${next}>; rel="next"`;
      }
      bodies.set(place, answer);
    }
    return bodies.get(place);
  };
}
