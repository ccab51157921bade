// Everything that an Action finds here beside the language itself. `host` is the engine's side.
((host) => {
  "use strict";
  const { parse, stringify } = JSON;

  const text = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return String(value);
    try {
      return stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const log = (...values) => host.log(values.map(text).join(" "));
  globalThis.console = { debug: log, error: log, info: log, log, warn: log };

  const module = { exports: {} };
  globalThis.module = module;
  globalThis.exports = module.exports;
  globalThis.require = (name) => {
    throw new Error(`require(${stringify(name)}) is not supported by the local engine: it has no modules`);
  };

  // Whatever else there is at Auth0 must not look as if it had been done.
  const only = (name, members) =>
    new Proxy(members, {
      get(target, key) {
        if (Object.hasOwn(target, key)) return target[key];
        // What the language itself looks for when one of these is returned or awaited.
        if (typeof key === "symbol" || key === "then") return undefined;
        throw new TypeError(`${name}.${key} is not supported by the local engine`);
      },
    });
  const setCustomClaim = (token) => (name, value) => {
    host.claim(token, String(name), stringify(value));
    return api;
  };
  const api = only("api", {
    access: only("api.access", {
      deny: (reason) => {
        host.deny(String(reason));
        return api;
      },
    }),
    accessToken: only("api.accessToken", { setCustomClaim: setCustomClaim("access token") }),
    idToken: only("api.idToken", { setCustomClaim: setCustomClaim("ID token") }),
  });

  return {
    isThere: () => typeof module.exports.onExecutePostLogin === "function",
    run: (event) => module.exports.onExecutePostLogin(parse(event), api),
  };
});
