// A client of fhir-kit-client: finds the token endpoint, proves itself, reads, searches.
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "fhir-kit-client";

const [baseUrl, clientId, keyFile, kid, scope] = process.argv.slice(2);
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const client = new Client({ baseUrl });
const told = {};

const { tokenUrl } = await client.smartAuthMetadata();
const claims = {
  iss: clientId,
  sub: clientId,
  aud: String(tokenUrl),
  exp: Math.floor(Date.now() / 1000) + 240,
  jti: randomUUID(),
};
const words = `${encoded({ alg: "ES384", typ: "JWT", kid })}.${encoded(claims)}`;
const key = { key: createPrivateKey(readFileSync(keyFile)), dsaEncoding: "ieee-p1363" };
const proof = `${words}.${sign("sha384", Buffer.from(words), key).toString("base64url")}`;
const answer = await fetch(tokenUrl, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: proof,
    scope,
  }),
});
const token = await answer.json();
told.token = answer.status;
client.bearerToken = token.access_token;

const refusal = async (act) => {
  try {
    await act();
  } catch (error) {
    return error.response?.status ?? String(error);
  }
  return 200;
};
told.statement = (await client.capabilityStatement()).fhirVersion;
let page = await client.resourceSearch({
  resourceType: "Observation",
  searchParams: { category: "survey", _count: "5" },
});
const found = [];
while (page) {
  found.push(...(page.entry ?? []).map((one) => one.resource));
  page = await client.nextPage({ bundle: page });
}
told.observations = new Set(found.map((one) => one.id)).size;
const panel = found.find((one) => one.hasMember);
const of = { resourceType: "QuestionnaireResponse", id: panel.derivedFrom[0].reference.split("/")[1] };
const response = await client.read(of);
told.read = response.status;
told.version = (await client.vread({ ...of, version: response.meta.versionId })).id === of.id;
told.history = (await client.history(of)).entry.length;
const byPost = { ...{ resourceType: "Observation" }, searchParams: { _count: "5" }, options: { postSearch: true } };
told.posted = (await client.resourceSearch(byPost)).entry.length;
told.missing = await refusal(() => client.read({ resourceType: "Observation", id: "nobody" }));
told.outside = await refusal(() => client.resourceSearch({ resourceType: "Consent" }));
const stranger = new Client({ baseUrl });
told.stranger = await refusal(() => stranger.read(of));
process.stdout.write(JSON.stringify(told));
