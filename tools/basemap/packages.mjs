// Files inside npm packages, also of packages that do not list them among their exports.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

// The path of `file` ("package/path/inside") in the nearest node_modules that has it.
export function packagePath(file) {
	for (const dir of require.resolve.paths(file)) {
		const full = path.join(dir, file);
		if (fs.existsSync(full)) {
			return full;
		}
	}
	throw new Error(`${file} is not installed: run "npm install" first`);
}

export const packageText = (file) => fs.readFileSync(packagePath(file), 'utf8');
export const packageJson = (file) => JSON.parse(packageText(file));
