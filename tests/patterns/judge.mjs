// Says of each pattern that is read, as JSON, how the time for a text grows with its length.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const { check } = createRequire(`${process.cwd()}/package.json`)("recheck");
const asked = JSON.parse(readFileSync(0, "utf8"));
const told = [];
for (const { source, flags } of asked) {
  const { status, complexity, attack, error } = await check(source, flags, { timeout: 20_000, attackTimeout: 5_000, incubationTimeout: 5_000 });
  told.push({ status, kind: complexity?.type, degree: complexity?.degree, attack: attack?.pattern, error: error?.kind });
}
console.log(JSON.stringify(told));
process.exit(0);
