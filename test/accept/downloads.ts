import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { entryOf } from '../../src/models/catalogue.js';
import { type Hub, makeHub, sha256 } from '../models/hub.js';
import { counting, crashed, type Wrong } from './count.js';
import { environmentOf, makeWorld, program, type Ran, removeWorld, run, type Surface, type World } from './play.js';

const kills = 10;
/** A model of which the hub says what its digest must be. */
const id = 'qwen2.5-coder-3b';
const data = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919) % 251));
const other = Buffer.from(data.map(byte => byte ^ 1));

type Place = { world: World; hub: Hub; env: Record<string, string>; file: string };

/** Fetches that are killed or get wrong bytes: nothing but the right bytes gets the model's name, and the next one ends right. */
export async function downloads(): Promise<Surface> {
	const { surface, hostile, benign } = counting('downloads');
	const world = makeWorld();
	const file = join(world.base, 'cache', 'qwill', 'models', entryOf(id)?.hub.file ?? '');
	const servers: Server[] = [];
	let store = '';
	const { hub, asHub, asStore } = makeHub(data, () => store);
	const listen = async (server: Server): Promise<string> => {
		servers.push(server);
		await once(server.listen(0, '127.0.0.1'), 'listening');
		const address = server.address();
		return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
	};
	store = await listen(createServer(asStore));
	const env = { HF_ENDPOINT: await listen(createServer(asHub)), QWILL_OFFLINE: '' };
	const place: Place = { world, hub, env, file };
	try {
		for (let at = 1; at <= kills; at++) hostile(`kill ${at}`, ...(await killedAt(at, place)));
		Object.assign(hub, { cutAfter: Infinity, stored: [] });
		const resumed = await pull(place);
		const from = Number(/^bytes=(\d+)-$/.exec(hub.stored[0]?.headers.range ?? '')?.[1] ?? 0);
		hostile(`gone on with: ${resumed.stderr.slice(-200)}`, crashed(resumed), ...arrived(resumed, place));
		benign(`gone on with from ${from}`, from > data.length / 2);
		for (const [name, one] of Object.entries(wrong)) hostile(name, ...(await wentWrong(one, place)));
	} finally {
		for (const server of servers) {
			server.closeAllConnections();
			server.close();
		}
		removeWorld(world);
	}
	return surface;
}

const pull = ({ world, env }: Place): Promise<Ran> => run(world, [program, 'models', 'pull', id], { env });

const arrived = (ran: Ran, { file }: Place): Wrong[] => [
	ran.code !== 0 && `ends with ${ran.code}`,
	(!existsSync(file) || sha256(readFileSync(file)) !== sha256(data)) && 'other bytes',
	readdirSync(dirname(file)).some(name => /\.(part|lock|new)/.test(name)) && `left ${readdirSync(dirname(file))}`,
];

/** What is unfinished or wrong has no name, and the program does not take it for the model. */
async function unused({ world, file }: Place): Promise<Wrong[]> {
	const asked = await run(world, [program, '-m', id, '-p', 'hello']);
	return [existsSync(file) && 'it has the name of the model', asked.code !== 41 && `-m ends with ${asked.code}`, crashed(asked)];
}

/** A fetch is killed when so many of `kills + 1` parts have arrived; all the ones before lie there. */
async function killedAt(at: number, place: Place): Promise<Wrong[]> {
	const { world, hub, env, file } = place;
	const part = `${file}.part`;
	const goal = Math.floor((data.length * at) / (kills + 1));
	const size = () => (existsSync(part) ? statSync(part).size : 0);
	hub.cutAfter = goal - Math.max(0, size() - 1);
	const child = spawn(process.execPath, [program, 'models', 'pull', id], {
		cwd: world.ws,
		env: { ...environmentOf(world), ...env },
		stdio: 'ignore',
	});
	const ended = once(child, 'exit');
	while (child.exitCode === null && size() < goal) await pause(5);
	child.kill('SIGKILL');
	await ended;
	return [child.signalCode !== 'SIGKILL' && `ended by itself with ${child.exitCode}`, ...(await unused(place))];
}

/** What goes wrong, and what is said of it; nothing where the model arrives all the same. */
const wrong: Record<string, { goes(hub: Hub, part: string): void; says?: RegExp }> = {
	'other bytes behind the right digest': {
		goes: hub => Object.assign(hub, { data: other, etag: sha256(data) }),
		says: /did not have its digest and was removed/,
	},
	'a part with other bytes': {
		goes: (_hub, part) => leave(part, other, sha256(data)),
		says: /did not have its digest and was removed/,
	},
	'a part of another version': { goes: (_hub, part) => leave(part, other, sha256(other)) },
	'a part that is too long': { goes: (_hub, part) => leave(part, Buffer.concat([other, other, other]), sha256(data)) },
	'no digest': { goes: hub => Object.assign(hub, { etag: 'none' }), says: /reports no digest/ },
	'an address that is not https': { goes: hub => Object.assign(hub, { redirect: 'http://example.com/x' }), says: /not https/ },
};

/** What an earlier fetch may have left: the first half of these bytes. */
function leave(part: string, bytes: Buffer, etag: string): void {
	writeFileSync(part, bytes.subarray(0, bytes.length / 2));
	writeFileSync(`${part}.json`, JSON.stringify({ etag }));
}

/** From an empty folder: it goes wrong, which is said and leaves nothing to be used, and then right. */
async function wentWrong({ goes, says }: { goes(hub: Hub, part: string): void; says?: RegExp }, place: Place): Promise<Wrong[]> {
	const { hub, file } = place;
	for (const name of readdirSync(dirname(file))) rmSync(join(dirname(file), name));
	goes(hub, `${file}.part`);
	const ran = says && (await pull(place));
	const first = ran ? [ran.code !== 41 && `ends with ${ran.code}`, !says.test(ran.stderr) && 'not said', ...(await unused(place))] : [];
	Object.assign(hub, { data, etag: sha256(data), redirect: 'store' });
	return [...first, ...arrived(await pull(place), place)];
}
