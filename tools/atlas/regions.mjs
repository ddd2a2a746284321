/*
 * French régions: INSEE code -> [ISO 3166-2 style code, other codes in use, names in en, es, pt, ar]. No package has these
 * names in the five languages. An empty name means that the French one is used as it is.
 */
export const REGIONS = {
	'01': ['FR-GUA', ['R01', 'FR-GP'], 'Guadeloupe', 'Guadalupe', 'Guadalupe', 'غوادلوب'],
	'02': ['FR-MTQ', ['R02', 'FR-MQ'], 'Martinique', 'Martinica', 'Martinica', 'مارتينيك'],
	'03': ['FR-GUF', ['R03', 'FR-GF'], 'French Guiana', 'Guayana Francesa', 'Guiana Francesa', 'غويانا الفرنسية'],
	'04': ['FR-LRE', ['R04', 'FR-RE'], 'Réunion', 'Reunión', 'Reunião', 'لا ريونيون'],
	'06': ['FR-MAY', ['R06', 'FR-YT'], 'Mayotte', 'Mayotte', 'Maiote', 'مايوت'],
	11: ['FR-IDF', ['R11'], '', 'Isla de Francia', 'Ilha de França', 'إيل دو فرانس'],
	24: ['FR-CVL', ['R24'], 'Centre-Val de Loire', 'Centro-Valle de Loira', 'Centro-Vale do Loire', 'سنتر فال دو لوار'],
	27: ['FR-BFC', ['R27'], 'Burgundy-Franche-Comté', 'Borgoña-Franco Condado', 'Borgonha-Franco-Condado', 'بورغونيا فرانش كونتيه'],
	28: ['FR-NOR', ['R28'], 'Normandy', 'Normandía', 'Normandia', 'نورماندي'],
	32: ['FR-HDF', ['R32'], '', 'Alta Francia', 'Altos de França', 'أو دو فرانس'],
	44: ['FR-GES', ['R44'], '', 'Gran Este', 'Grande Leste', 'الشرق الكبير'],
	52: ['FR-PDL', ['R52'], '', 'Países del Loira', 'País do Loire', 'باي دو لا لوار'],
	53: ['FR-BRE', ['R53'], 'Brittany', 'Bretaña', 'Bretanha', 'بريتاني'],
	75: ['FR-NAQ', ['R75'], '', 'Nueva Aquitania', 'Nova Aquitânia', 'نوفيل أكيتان'],
	76: ['FR-OCC', ['R76'], 'Occitania', 'Occitania', 'Occitânia', 'أوكسيتانيا'],
	84: ['FR-ARA', ['R84'], '', 'Auvernia-Ródano-Alpes', 'Auvérnia-Ródano-Alpes', 'أوفيرن رون ألب'],
	93: ['FR-PAC', ['R93'], '', 'Provenza-Alpes-Costa Azul', 'Provença-Alpes-Costa Azul', 'بروفنس ألب كوت دازور'],
	94: ['FR-COR', ['R94', 'FR-20R'], 'Corsica', 'Córcega', 'Córsega', 'كورسيكا'],
};
