// An OpenID provider on this machine, for the tests of signing on: the package oidc-provider with a page of its own, on which the test
// says who signs in there and how. Nothing of it is part of the program.
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";

/** A new key to sign tokens with. */
export function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: Math.random().toString(36).slice(2) };
}

/**
 * Starts a provider. `people` maps what is typed on its page to what it says of that person: `sub`, `email`, `email_verified`, `amr`.
 * The map may change while it runs.
 */
export async function provider({ port = 0, people, back, keys = [key()] }) {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const sub = (id) => people[id]?.sub ?? id;
  const op = new Provider(issuer, {
    clients: [{ client_id: "candour", client_secret: "a secret between two servers", redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"] }],
    jwks: { keys },
    cookies: { keys: ["only for a test"] },
    claims: { openid: ["sub", "amr"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/who/${interaction.uid}` },
    ttl: { Session: 3600, Interaction: 600, Grant: 3600, IdToken: 600, AccessToken: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => Object.values(people).find((one) => one.sub === id) ?? { sub: id } }),
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email");
      await grant.save();
      return grant;
    },
  });
  op.use(async (ctx, next) => {
    if (!ctx.path.startsWith("/who/")) return next();
    if (ctx.method === "GET") {
      ctx.type = "html";
      ctx.body = `<!doctype html><title>Provider</title><h1>The provider of the test</h1><form method="post"><label>Who <input name="who" id="who"></label><button>Sign in here</button></form><a href="${ctx.path}/no">Rather not</a>`;
      return;
    }
    let body = "";
    for await (const part of ctx.req) body += part;
    const who = new URLSearchParams(body).get("who");
    await op.interactionFinished(ctx.req, ctx.res, { login: { accountId: sub(who), amr: people[who]?.amr ?? [] } }, { mergeWithLastSubmission: false });
    ctx.respond = false;
  });
  const answer = op.callback();
  server.on("request", (request, response) => {
    if (/^\/who\/[^/]+\/no$/.test(request.url)) {
      op.interactionFinished(request, response, { error: "access_denied" });
    } else answer(request, response);
  });
  return {
    issuer,
    port: server.address().port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
