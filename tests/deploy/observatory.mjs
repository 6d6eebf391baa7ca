/* What MDN's HTTP Observatory says of a site that is not on the web: `node observatory.mjs PACKAGE SITE HTTP HTTPS`, where it
   is installed, the name and path of the site, and the ports of this machine that stand for the site's. */
import { Socket } from "node:net";
import { pathToFileURL } from "node:url";

const [folder, site, http, https] = process.argv.slice(2);
const ports = { 80: Number(http), 443: Number(https) };
const connect = Socket.prototype.connect;
Socket.prototype.connect = function (...given) {
  const [to] = Array.isArray(given[0]) ? given[0] : given;
  Object.assign(to, { host: "127.0.0.1", port: ports[to.port] });
  return connect.apply(this, given);
};

const { scan } = await import(pathToFileURL(`${folder}/src/index.js`));
const { scan: told, tests } = await scan(site);
const each = Object.entries(tests).map(([name, { result, pass, scoreModifier }]) => ({ name, result, pass, points: scoreModifier }));
process.stdout.write(JSON.stringify({ grade: told.grade, score: told.score, tests: each }));
