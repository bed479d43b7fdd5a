// Answers by number to each expression of a form, over responses made from its options.
import { readFileSync } from "node:fs";
import fhirpath from "fhirpath";
import r4 from "fhirpath/fhir-context/r4/index.js";

const { form, expressions, sets, responses } = JSON.parse(readFileSync(0, "utf8"));
const options = new Map(form.item.map((item) => [item.linkId, item.answerOption]));

function response(picked) {
  const item = Object.entries(picked).map(([linkId, number]) => ({
    linkId,
    answer: [{ valueCoding: options.get(linkId)[number].valueCoding }],
  }));
  return {
    resourceType: "QuestionnaireResponse",
    questionnaire: `${form.url}|${form.version}`,
    status: "completed",
    item,
  };
}

const all = [...sets.map(response), ...responses];
const answers = expressions.map((expression) => {
  const read = fhirpath.compile(expression, r4);
  return all.map((one) => {
    try {
      return read(one, { resource: one, questionnaire: form });
    } catch (error) {
      // Without a weight in the form it would ask a terminology server, and may not.
      return [`error: ${error.message}`];
    }
  });
});
process.stdout.write(JSON.stringify(answers));
