// Lint an OpenAPI document under Redocly's recommended rules: node lint.mjs DOCUMENT
// Prints every problem as JSON. The names of these exports are those of the files that VENDORED.txt lists.
import { Ea as lint, za as createConfig } from "./KSRBMNUH.js";

const config = await createConfig({ extends: ["recommended"] });
const problems = await lint({ ref: process.argv[2], config });
console.log(
  JSON.stringify(
    problems.map(({ ruleId, severity, message, location }) => ({
      rule: ruleId,
      severity,
      message,
      pointer: location[0]?.pointer ?? "",
    })),
  ),
);
