import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAbout } from '../../../src/checks/claims/about.js';
import { check } from '../../../src/checks/claims/check.js';
import { repositoryOf } from '../../../src/checks/claims/repository.js';
import { filesIn, world } from '../../workspace/world.js';
import { opening } from './corpus.js';
import type { Name } from './repositories.js';

const about = async (name: Name, reply: string) => check({ reply, question: 'What is in this repository?', told: '' }, await opening(name));

const wrong: [Name, said: string, truth: string][] = [
	['shop', 'See `shop/cart.py:40`.', 'shop/cart.py has 18 lines'],
	['shop', 'See `cart.py`, lines 10-19.', 'shop/cart.py has 18 lines'],
	['shop', 'See `src/cart.py`.', 'there is no such file; shop/cart.py is there'],
	['shop', 'See `shop/payment_gateway.py`.', 'there is no such file'],
	['shop', 'The folder `shops/` has it.', 'there is no such folder; shop/ is one'],
	['shop', '`round_cent()` rounds.', 'there is no such name here; `round_cents` is in shop/money.py:4'],
	['shop', '`charge_credit_card()` pays.', 'there is no such name here'],
	['shop', '`low_stock` is defined in `shop/cart.py`.', '`low_stock` is in shop/inventory.py:11'],
	['shop', '`apply_discount` is defined at `shop/money.py:1`.', '`apply_discount` is in shop/money.py:8'],
	['shop', '`Cart.load_stock()` reads.', '`load_stock` is in shop/inventory.py:5'],
	['shop', 'Run `python cli.py list --dryrun`.', 'there is no such flag in cli.py; --dry-run is one'],
	['shop', 'Run `python cli.py list --sorted`.', 'there is no such flag in cli.py; --sort is one'],
	['shop', 'It uses requests 2.1.0.', 'requests is 2.32.3'],
	['shop', 'Run `npm run lint`.', 'there is no package.json'],
	['board', 'Run `npm run linter`.', 'package.json has lint, not linter'],
	['board', 'Run `npm run deploy`.', 'package.json has no script deploy'],
	['board', 'It uses express 5.0.1.', 'express is 4.19.2'],
	['notes', 'Run `make biuld`.', 'Makefile has build, not biuld'],
	['notes', '`NoteStore` is declared in `main.go:1`.', '`NoteStore` is in internal/store/store.go:6'],
	['notes', '`store.go` is there, and `SaveNote` is in `main.go`.', '`SaveNote` is in internal/store/store.go:12'],
	['notes', '`sh scripts/backup.sh --targets x`', 'there is no such flag in scripts/backup.sh; --target is one'],
];
for (const [name, said, truth] of wrong)
	test(`wrong: ${said}`, async () => {
		const found = (await about(name, said)).filter(({ ok }) => !ok).map(claim => claim.truth);
		assert.deepEqual(found, [truth]);
	});

const right: [Name, said: string][] = [
	['shop', '`cart.py`, `shop/cart.py:18`, `Shop/Cart.py`, `README` and the folder `tests`'],
	['shop', '`Cart.add_item()`, `self.items`, `MAX_ITEMS` and `round_cents(1.5)`'],
	['shop', '`low_stock` is in `inventory.py`, and `add_item` is defined on line 12 of `shop/cart.py`'],
	['shop', 'Run `python cli.py buy --dry-run`. It uses requests 2.32.3 and pytest 8'],
	['shop', '`load_stock` reads the file `stock.json`'],
	['board', '`npm test`, `npm run build:css`; express 4.19, sass 1.77.8, Node 20'],
	['board', '`store.addMessage()` and `createStore().listMessages()`'],
	['notes', '`make check`; `NoteStore.SaveNote`; `store.OpenStore("notes")`; github.com/spf13/cobra v1.8.1'],
];
for (const [name, said] of right)
	test(`right: ${said}`, async () => {
		const found = await about(name, said);
		assert.ok(found.length > 0);
		assert.deepEqual(
			found.filter(({ ok }) => !ok),
			[],
		);
	});

test('an explanation of the world is not measured by a folder', async () => {
	const repository = await opening('shop');
	const reply = '`useEffect()` is called by React, see `App.jsx`.';
	assert.equal(await isAbout(repository, { question: 'What is useEffect?', reply }), false);
	assert.equal(await isAbout(repository, { question: 'What is load_stock?', reply }), true);
	assert.equal(await isAbout(repository, { question: 'And what then?', reply: 'Then `shop/cart.py` sums.' }), true);
	assert.deepEqual(await check({ reply, question: 'What is useEffect?', told: '' }, repository), []);
});

test('what is ignored is there, and what nobody may look at is not called absent', async () => {
	const files = await filesIn(world({ '.gitignore': 'secret.toml\n', 'secret.toml': 'x\n', 'a.py': 'x = 1\n' }));
	assert.deepEqual(await check({ reply: 'See `secret.toml`.', question: 'this project?', told: '' }, repositoryOf({ files })), [
		{ kind: 'path', text: 'secret.toml', ok: true },
	]);
	const many = repositoryOf({ files: { ...files, list: async () => ({ paths: ['a.py'], more: true }) } });
	assert.deepEqual(await check({ reply: 'See `b.py` and `load_all()`.', question: 'this project?', told: '' }, many), []);
});
