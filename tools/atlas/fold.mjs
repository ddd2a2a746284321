/*
 * Keys: what makes two spellings of a place name equal. The same rules, in the same order, as src/core/atlas_key.c; a test
 * compares both over every key of the file. Lower case, no accents, one space between words;
 * "St" is "Saint", "s/" is "sur", "lès" and "lez" are "les"; variants of Arabic letters are one letter.
 */

/* Letters that Unicode does not decompose, or that people write in several ways. */
const LETTERS = new Map(Object.entries({
	œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', đ: 'd', ð: 'd', þ: 'th', ł: 'l', ı: 'i', ħ: 'h', ŋ: 'n', ə: 'e', ς: 'σ',
	ٱ: 'ا', ة: 'ه', ى: 'ي', ی: 'ي', ې: 'ي', ک: 'ك', گ: 'ك', ہ: 'ه', ە: 'ه', ھ: 'ه', ۀ: 'ه', ڤ: 'ف', پ: 'ب', چ: 'ج', ژ: 'ز',
	ـ: '', 'ء': '',
}));

/* Characters that part words; the rest beyond ASCII is kept as it is. */
function isBreak(c) {
	if (c < 0x80) {
		return !((c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x7a));
	}
	return c <= 0xbf || c === 0xd7 || c === 0xf7 || (c >= 0x2b0 && c <= 0x2ff) || (c >= 0x2010 && c <= 0x2029) ||
		(c >= 0x2030 && c <= 0x205f) || c === 0x60c || c === 0x61b || c === 0x61f || (c >= 0x66a && c <= 0x66d) || c === 0x6d4 ||
		(c >= 0x3000 && c <= 0x303f);
}

/* Invisible characters: joiners, direction marks. */
function isVoid(c) {
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c === 0xfeff || c === 0xad || c === 0x61c;
}

export function fold(text) {
	if (/^[\x20-\x7e]*$/.test(text)) {
		return text.toLowerCase();
	}
	return text.normalize('NFKD').toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

/* The words of a text after folding, before words are replaced. */
export function words(text) {
	let out = '';
	for (const ch of fold(text)) {
		const c = ch.codePointAt(0);
		if (isVoid(c)) {
			continue;
		}
		if (isBreak(c)) {
			out += ' ';
		} else if (c >= 0x660 && c <= 0x669) {
			out += String.fromCharCode(c - 0x660 + 48);
		} else if (c >= 0x6f0 && c <= 0x6f9) {
			out += String.fromCharCode(c - 0x6f0 + 48);
		} else {
			out += LETTERS.get(ch) ?? ch;
		}
	}
	return out.split(' ').filter(Boolean);
}

const WORDS = new Map([['st', 'saint'], ['ste', 'sainte'], ['sts', 'saints'], ['stes', 'saintes']]);

/* The key of a whole name. */
export function key(text) {
	const w = words(text);
	return w.map((x, i) => {
		if (i > 0 && x === 'lez') {
			return 'les';
		}
		if (i > 0 && i < w.length - 1 && x === 's') {
			return 'sur';
		}
		return WORDS.get(x) ?? x;
	}).join(' ');
}

/* Without the article it begins with ("la rochelle", "l isle adam", "ال"); the same key when there is none. */
export function bare(k) {
	const m = /^(?:le|la|les|l|el|los|las|al|the|o|os|as) (.+)$/.exec(k);
	if (m) {
		return m[1];
	}
	return k.startsWith('ال') && Buffer.byteLength(k) >= 10 && k[2] !== ' ' ? k.slice(2) : k;
}
