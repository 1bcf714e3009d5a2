import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formsOf } from '../../src/jobs/translate/formats/plural-forms.js';

const slavic = 'n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2';
const rules: readonly (readonly [tag: string, rule: string])[] = [
	['de', 'nplurals=2; plural=(n != 1)'],
	['fr', 'nplurals=2; plural=n>1'],
	['ja', 'nplurals=1; plural=0'],
	['ru', `nplurals=3; plural=(${slavic})`],
	['pl', 'nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2'],
	['cs', 'nplurals=3; plural=(n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2'],
	['sl', 'nplurals=4; plural=n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3'],
	['ar', 'nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5'],
];

for (const [tag, rule] of rules)
	test(`the rule of gettext for ${tag} tells numbers apart as the language does`, () => {
		const forms = formsOf(`Plural-Forms: ${rule};\n`, tag);
		const told = new Intl.PluralRules(tag);
		const groups = Map.groupBy(
			Array.from({ length: 201 }, (_, number) => number),
			number => told.select(number),
		);
		const [some, others] = [forms ?? [], [...groups.values()]].map(all => all.map(numbers => numbers.join(' ')).toSorted());
		assert.deepEqual(some, others);
	});

test('without a rule the forms are those of English, where the language has no others', () => {
	assert.deepEqual(formsOf('', 'de')?.[0], [1]);
	assert.equal(formsOf('', 'de')?.[1]?.length, 200);
	assert.equal(formsOf('Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;', 'ru'), undefined);
	assert.equal(formsOf('', 'fr'), undefined);
});

test('what is no rule, or gives forms that there are not, is none', () => {
	for (const rule of [
		'n',
		'n%0',
		'process.exit(1)',
		'(n',
		'n ? 1',
		'n==1)',
		'',
		'n != 1 ? 0 : 2',
		`${'('.repeat(2000)}n${')'.repeat(2000)}`,
	])
		assert.equal(formsOf(`Plural-Forms: nplurals=2; plural=${rule};`, 'ru'), undefined, rule);
});
