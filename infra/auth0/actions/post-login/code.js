/**
 * Says what a person may be in the shop, by how they signed in: a Database Connection makes an admin, a listed Social
 * Connection a buyer, anything else nothing. Whatever role was asked for, the token says the allowed one.
 *
 * AWS never sees the claim: a role's trust policy goes by the prefix of `sub`, which is the account's *first* identity.
 * Where accounts are linked, that may be another one than was used: somebody who signs in with Amazon would come out as
 * an admin. No claim could undo that, so such a sign-in is refused.
 *
 * The tenant deploys this file, and the local issuer runs it. It must never log who somebody is. Auth0 keeps 256
 * characters of a log.
 */

/** A name that nobody else uses; Auth0 drops plain names such as `roles`. */
const CLAIM = "https://pets.example/role";

/** @type {(source: string | undefined, social: string[]) => "admin" | "buyer" | undefined} */
const roleOf = (source, social) => {
  if (source === "auth0") return "admin";
  return social.includes(source) ? "buyer" : undefined;
};

/** What stands before the first `|` of a user id, if there is something on both sides of it. */
const sourceOf = (userId) => {
  const end = userId.indexOf("|");
  return end > 0 && end < userId.length - 1 ? userId.slice(0, end) : undefined;
};

/** Asked-for roles come from outside; what isn't a role's name isn't repeated in a log. */
const named = (role) => (["admin", "buyer"].includes(role) ? role : "an unknown role");

exports.onExecutePostLogin = async (event, api) => {
  const list = event.client.metadata?.social_connections;
  // Another application of the tenant.
  if (typeof list !== "string") return;
  const social = list.split(",").map((name) => name.trim());

  const used = event.connection?.strategy;
  const role = roleOf(used, social);
  if (roleOf(sourceOf(event.user.user_id), social) !== role) {
    console.log(`refused: signed in through ${used}, but the account began with a connection of another role`);
    api.access.deny("This account is linked to one of another kind. Sign in the way you first did, or unlink them.");
    return;
  }
  if (role) api.idToken.setCustomClaim(CLAIM, role);

  // A refresh has no query.
  const asked = event.request.query?.role ?? event.request.body?.role;
  if (asked !== undefined && asked !== role) {
    console.log(`asked for ${named(asked)}, allowed ${role ?? "no role"}: signed in through ${used}`);
  }
};
