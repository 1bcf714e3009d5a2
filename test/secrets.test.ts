import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { mask, maskAll } from '../src/secrets.js';

const letters = 'aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYzAc8eFgH1';
const some = (length: number, from = letters) => [...Array(length)].map((_, i) => from[(i * 7 + (i >> 3)) % from.length]).join('');
const hex = (length: number) => some(length, '0a1b2c3d4e5f6789');

/** Made up; joined here so that no scanner takes this file for a leak. */
const planted: readonly (readonly [kind: string, text: string, value: string])[] = (
	[
		['AWS key', 'aws_access_key_id = ', ['AKIA', 'Q3EGXY7ZLMNP2RTV'].join(''), '\n'],
		['AWS secret', 'AWS_SECRET_ACCESS_KEY=', some(40), '\n'],
		['GitHub token', 'curl -H "x: ', `ghp_${some(36)}`, '"'],
		['fine-grained GitHub token', 'url ', `github_pat_${some(30)}_${some(50)}`, ' end'],
		['GitLab token', '', `glpat-${some(20)}`, ''],
		['Slack token', "const t = '", ['xoxb', '123456789012', some(24)].join('-'), "';"],
		['Slack address', 'https://', `hooks.slack.com/services/T01234567/B01234567/${some(24)}`, ''],
		['Stripe key', 'stripe.api_key = "', `sk_${'live'}_${some(24)}`, '"'],
		['key of a model service', 'OPENAI=', `sk-proj-${some(48)}`, ''],
		['another model service', 'x ', `sk-ant-api03-${some(60)}`, ''],
		['Google key', 'key=', `AIza${some(35)}`, '&x'],
		['npm token', '//registry/:_authToken=', `npm_${some(36)}`, '\n'],
		['PyPI token', 'password = ', `pypi-AgEIcHlwaS5vcmc${some(70)}`, '\n'],
		['Hugging Face token', 'HF ', `hf_${some(34, 'aBcDeFgHiJkLmNoPqRsT')}`, ''],
		['SendGrid key', '', `SG.${some(22)}.${some(43)}`, ''],
		['Twilio key', '', `SK${hex(32)}`, ''],
		['DigitalOcean token', '', `dop_v1_${hex(64)}`, ''],
		['Telegram token', 'bot', `123456789:AA${some(33)}`, '/send'],
		['JSON web token', 'Cookie: s=', `eyJ${some(20)}.eyJ${some(40)}.${some(43)}`, ';'],
		['password in an address', 'postgres://app:', 's3cr3tP4ss', '@db.internal:5432/app'],
		['private key', 'k = """', `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${some(64)}\n${some(64)}\n-----END RSA ${'PRIVATE'} KEY-----`, '"""'],
		['authorization', 'Authorization: Bearer ', some(40), '\n'],
		['password in code', 'password = "', 'kX9#mPq2vL', '"'],
		['password in JSON', '{"dbPassword": "', 'kX9mPq2vL7zR', '"}'],
		['password in YAML', 'db:\n  password: ', 'kX9mPq2vL7zR', '\n  port: 1'],
		['typed constant', "const apiKey: string = '", some(32), "';"],
		['storage key', 'AccountName=x;AccountKey=', `${some(86)}==`, ';EndpointSuffix=x'],
	] as const
).map(([kind, before, value, after]) => [kind, before + value + after, value]);

describe('a secret in a text', () => {
	for (const [kind, text, value] of planted)
		test(`is masked: ${kind}`, () => {
			const { text: masked, secrets } = mask(text);
			assert.ok(!masked.includes(value), masked);
			assert.deepEqual(
				secrets.map(secret => secret.value),
				[value],
			);
			// What stood around it stands there still, and masking again finds nothing more.
			assert.equal(masked, text.replace(value, secrets[0]!.name));
			assert.deepEqual(mask(masked), { text: masked, secrets: [] });
		});

	test('has the same name each time, and another has another', () => {
		const [one, two] = [`ghp_${some(36)}`, `ghp_${some(36, 'ZyX9wVu8')}`];
		assert.equal(mask(one).text, mask(`${one}`).text);
		assert.notEqual(mask(one).text, mask(two).text);
		assert.equal(new Set(mask(`${one} ${two} ${one}`).text.split(' ')).size, 2);
	});

	test('is masked wherever it lies in a value', () => {
		const token = `ghp_${some(36)}`;
		const event = { type: 'result', outcome: { ok: true, lines: [`a ${token}`, 7, null] }, at: undefined };
		assert.ok(!JSON.stringify(maskAll(event)).includes(token));
		assert.equal(maskAll(event).outcome.lines[1], 7);
	});
});

describe('what is no secret stays', () => {
	const ordinary = [
		'const token = readToken(stream);',
		'password = os.environ["DB_PASSWORD"]',
		"password: 'correct-horse-battery'",
		'API_KEY=your_api_key_123456',
		'"secret": "$' + '{VAULT_SECRET_1}"',
		'max_tokens = 4096\ntokens_per_second: 42.5',
		'sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
		'"integrity": "sha512-X4JKPLK85kfUTwuuaORFplnBfGjKkp62PsFhhcL7F/Tpltc7pyUofjlkkMnlZZLWsifFl7LNB8ngVrwJg1uo1Q=="',
		'commit 93e841d0c41aad7818a0f5bd20cb52e196781031',
		'https://user:password@host/path',
		'git clone https://github.com/a/b.git',
		'token: Token | undefined',
		'tokenId = 1234567890123456',
		'passwordHash = hash(password1, salt2)',
		"import { tokens2 } from './tokens.js';",
		'id: 550e8400-e29b-41d4-a716-446655440000',
	];
	for (const text of ordinary)
		test(text.slice(0, 60), () => {
			assert.deepEqual(mask(text), { text, secrets: [] });
		});

	test('in the source of this program', () => {
		for (const path of globSync('{src,prompts,test/fixtures}/**/*.{ts,tsx,md,js,py}'))
			assert.deepEqual(mask(readFileSync(path, 'utf8')).secrets, [], path);
	});
});
