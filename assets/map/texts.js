// The words of the map. The server sends them translated in data-texts (a JSON object with these keys); English stands in
// for a key that is absent. A key may come in plural forms, "cluster.one", "cluster.few", "cluster.other" (CLDR's names).
const ENGLISH = {
	map: 'Interactive map',
	help: 'Arrow keys move the map, plus and minus zoom. Tab goes from mark to mark.',
	marks: 'Marks on the map',
	'cluster.one': '{n} here, zoom in',
	'cluster.other': '{n} here, zoom in',
	'stack.one': '{n} at this place',
	'stack.other': '{n} at this place',
	'shown.one': '{n} in this view',
	'shown.other': '{n} in this view',
	empty: 'Nothing in this view. Zoom out or change the filters.',
	loading: 'Loading…',
	error: 'The marks could not be loaded.',
	errorTiles: 'The base map could not be loaded; the marks are still there.',
	retry: 'Try again',
	zoomIn: 'Zoom in',
	zoomOut: 'Zoom out',
	fullScreen: 'Full screen',
	leaveFullScreen: 'Leave full screen',
	nearMe: 'Near me',
	here: 'You are about here',
	nearMeRefused: 'Your browser did not give your position. You can search for a town instead.',
	share: 'Share this view',
	shareHelp: 'This address opens the map as you see it now.',
	embed: 'Put this map on your site',
	embedHelp: 'Copy these lines into your page.',
	copy: 'Copy',
	copied: 'Copied',
	close: 'Close',
	legend: 'Legend',
	legendCluster: 'Several, close together',
	legendApproximate: 'Approximate place',
	exact: 'Exact place',
	street: 'Placed in its street',
	commune: 'Placed in its town only',
	departement: 'Placed in its département only',
	open: 'Open the page',
};

// A function from key and values to text: t('cluster', { n: 12 }).
export function textsOf(json, lang) {
	let own = {};
	try {
		own = JSON.parse(json || '{}') ?? {};
	} catch {
		own = {};
	}
	const numbers = new Intl.NumberFormat(lang === 'ar' ? 'ar-u-nu-latn' : lang); // the digits that the pages use
	const plural = new Intl.PluralRules(lang);
	const find = (key) => own[key] ?? null;
	return (key, values = {}) => {
		const form = 'n' in values ? `${key}.${plural.select(values.n)}` : key;
		const text = find(form) ?? find(`${key}.other`) ?? find(key) ?? ENGLISH[form] ?? ENGLISH[`${key}.other`] ?? ENGLISH[key] ?? key;
		return text.replace(/\{(\w+)\}/g, (all, name) => {
			const v = values[name];
			return v === undefined ? all : typeof v === 'number' ? numbers.format(v) : v;
		});
	};
}
