/* What csp_evaluator says of policies: a list of them as JSON comes in, a list of findings for each goes out. */
const { readFileSync } = require("node:fs");
const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
const { Severity, Type } = require("csp_evaluator/dist/finding.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");

const policies = JSON.parse(readFileSync(0, "utf8"));
const judged = policies.map((policy) =>
  new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .map((one) => `${Severity[one.severity]} ${Type[one.type]} ${one.directive} ${one.value ?? ""}`.trim()),
);
process.stdout.write(JSON.stringify(judged));
