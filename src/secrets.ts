/**
 * Keys, tokens and passwords in text that goes to the model, into a journal or an export. Where a service has published what its
 * tokens look like, that is looked for; elsewhere a name that says "secret" before a value that looks drawn by lot.
 */
import { createHash, randomBytes } from 'node:crypto';

/** `value` is what stood in the text, `name` what stands there now: a word that fits wherever the value did. */
export type Secret = { kind: string; value: string; name: string };
export type Masked = { text: string; secrets: Secret[] };

/** The text with a name in the place of each secret, the same for the same one as long as the program runs. */
export function mask(text: string): Masked {
	const secrets: Secret[] = [];
	let masked = text;
	for (const { kind, form, fits } of forms) {
		masked = masked.replace(form, (whole: string, before: string, value: string) => {
			if (!fits(value) || value.startsWith(sign)) return whole;
			const name = nameOf(value);
			secrets.push({ kind, value, name });
			return before + name;
		});
	}
	return { text: masked, secrets };
}

/** Any value with the secrets in its texts masked, however deep they lie; the same value where there are none. */
export const maskAll = <T>(value: T): T => withTexts(value, text => mask(text).text);

/** A value of plain data with each text in it changed. */
export function withTexts<T>(value: T, change: (text: string) => string): T;
export function withTexts(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map(one => withTexts(one, change));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withTexts(part, change)]));
}

const sign = 'MASKED_SECRET_';
/** What a secret's name looks like, and what a text ends with that may become one. */
export const maskedName = /MASKED_SECRET_[0-9a-f]{8}/g;
export const beginsName = /M(?:A(?:S(?:K(?:E(?:D(?:_(?:S(?:E(?:C(?:R(?:E(?:T(?:_[0-9a-f]{0,7})?)?)?)?)?)?)?)?)?)?)?)?)?$/;

// Nobody can try passwords against a name: it depends on this as well, which is never told.
const salt = randomBytes(16);
const nameOf = (value: string): string => sign + createHash('sha256').update(salt).update(value).digest('hex').slice(0, 8);

type Form = { kind: string; form: RegExp; fits(value: string): boolean };

const always = () => true;
const plain = (kind: string, value: string): Form => ({ kind, form: new RegExp(`()(${value})`, 'g'), fits: always });

/** As the services document them. */
const forms: readonly Form[] = [
	plain(
		'private key',
		String.raw`-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]{20,20000}?(?:-----END (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|$)`,
	),
	plain('AWS key', String.raw`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`),
	plain('GitHub token', String.raw`\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b`),
	plain('GitLab token', String.raw`\bgl(?:pat|dt|rt|ptt|soat|cbt)-[\w-]{20,}`),
	plain('Slack token', String.raw`\bxox[abeoprs](?:\.xox[bp])?-[\w-]{10,}`),
	plain('Slack address', String.raw`\bhooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{40,}`),
	plain('Stripe key', String.raw`\b(?:[sr]k_(?:live|test|prod)|whsec)_[A-Za-z0-9]{16,}`),
	plain('key of a model service', String.raw`\bsk-(?:[a-z0-9]{2,8}-){0,3}[A-Za-z0-9_]{20,}[\w-]*`),
	plain('Google key', String.raw`\b(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})`),
	plain('npm token', String.raw`\bnpm_[A-Za-z0-9]{36}\b`),
	plain('PyPI token', String.raw`\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}`),
	plain('Hugging Face token', String.raw`\bhf_[A-Za-z]{30,}\b`),
	plain('SendGrid key', String.raw`\bSG\.[\w-]{22}\.[\w-]{43}`),
	plain('Twilio key', String.raw`\b(?:SK|AC)[0-9a-f]{32}\b`),
	plain('DigitalOcean token', String.raw`\bdo[opr]_v1_[a-f0-9]{64}\b`),
	plain('Telegram token', String.raw`(?<!\d)\d{8,10}:AA[\w-]{33}`),
	plain('Discord token', String.raw`\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}`),
	plain('Shopify token', String.raw`\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b`),
	plain('Vault token', String.raw`\bhv[sb]\.[\w-]{24,}`),
	plain('age key', String.raw`\bAGE-SECRET-KEY-1[A-Z0-9]{58}\b`),
	plain('JSON web token', String.raw`\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}`),
	{ kind: 'storage key', form: /(AccountKey=)([A-Za-z0-9+/]{60,}={0,2})/g, fits: always },
	{
		kind: 'password in an address',
		form: /(:\/\/[^\s/:@'"<>]{0,80}:)([^\s/:@'"<>{}$]{3,120})(?=@)/g,
		fits: value => !/^(?:pass(?:word)?|secret|pwd|x+|\*+)$/i.test(value),
	},
	{ kind: 'authorization', form: /\b(authorization['"]?\s*[:=]\s*['"]?(?:bearer|basic|token)\s+)([\w.~+/=-]{16,})/gi, fits: drawn },
	{
		kind: 'secret',
		form: new RegExp(`\\b(${behind()}['"])([^\\s'"]{8,200})(?=['"])`, 'gi'),
		fits: drawn,
	},
	{
		kind: 'secret',
		form: new RegExp(`^([ \\t]*(?:export )?${behind()})([^\\s'"#;,(){}]{12,200})[ \\t]*$`, 'gim'),
		fits: drawn,
	},
];

/** A name that says "secret", up to its value, in the ways of code, JSON, YAML, environments and command lines. */
function behind(): string {
	const name =
		'[a-z0-9_.-]{0,40}(?:secret|token|passw(?:or)?d|pwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|credentials?)[a-z0-9_-]{0,20}';
	return `${name}['"\\]]{0,2}[ \\t]{0,3}(?::[ \\t]?(?:str|string)[ \\t]{0,3}=|:=|=>|[:=])[ \\t]{0,3}`;
}

/** Bits a character, as Shannon counts them: words have less, letters drawn by lot more. */
const leastBits = 2.9;

/** Whether a value looks drawn by lot: letters and digits in no order, no word, path, address or place holder. */
function drawn(value: string): boolean {
	if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
	if (
		/example|placeholder|change.?me|your|dummy|sample|xxxx|\.\.\.|\*\*\*|[$%]\{|\{\{|<\w|^\$|:\/\/|^[./~]|process\.env|environ/i.test(value)
	)
		return false;
	const counts = new Map<string, number>();
	for (const letter of value) counts.set(letter, (counts.get(letter) ?? 0) + 1);
	const bits = [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
	return bits >= leastBits;
}
