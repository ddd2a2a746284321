/* The npm packages that we name run on Debian 12's Node 18: what each says of itself in package-lock.json. */
import fs from "node:fs";

const debian = 18;
const { packages } = JSON.parse(fs.readFileSync("package-lock.json"));
const named = Object.keys(packages[""].devDependencies);
const wrong = named.filter((name) => {
	const least = (packages[`node_modules/${name}`].engines?.node ?? "").split("||").map((s) => parseInt(s.match(/\d+/)?.[0] ?? 0));
	return Math.min(...least) > debian;
});
for (const name of wrong) {
	console.log(`${name} ${packages[`node_modules/${name}`].version} wants Node ${packages[`node_modules/${name}`].engines.node}`);
}
process.exit(wrong.length || !named.length ? 1 : 0);
