import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Part } from '../../src/models/parts.js';
import { sha256 } from './hub.js';

/** A wheel (a ZIP archive) of these members, packed or stored. */
export function wheel(members: Record<string, Buffer>, packed = true): Buffer {
	const locals: Buffer[] = [];
	const central: Buffer[] = [];
	let offset = 0;
	for (const [name, data] of Object.entries(members)) {
		const body = packed ? deflateRawSync(data) : data;
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(packed ? 8 : 0, 4);
		common.writeUInt32LE(crc32(data), 10);
		common.writeUInt32LE(body.length, 14);
		common.writeUInt32LE(data.length, 18);
		common.writeUInt16LE(Buffer.byteLength(name), 22);
		const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), body]);
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(offset, 10);
		central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]));
		locals.push(local);
		offset += local.length;
	}
	const list = Buffer.concat(central);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(central.length, 8);
	end.writeUInt16LE(central.length, 10);
	end.writeUInt32LE(list.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...locals, list, end]);
}

/** Cuts the bytes into wheels and gives the parts, as they would be published; `publish` puts the wheels into an index folder. */
export function published(data: Buffer, count: number): { parts: Part[]; publish(folder: string): void } {
	const size = Math.ceil(data.length / count);
	const wheels = Array.from({ length: count }, (_, i) => {
		const member = `tiny_part${i}/data/part${i}.bin`;
		return {
			member,
			name: `tiny_part${i}-1.0-py3-none-any.whl`,
			bytes: wheel({ 'tiny/__init__.py': Buffer.from('raise SystemExit'), [member]: data.subarray(i * size, (i + 1) * size) }),
		};
	});
	return {
		parts: wheels.map(({ member, name, bytes }, i) => ({
			requirement: `tiny-part${i}==1.0`,
			wheel: name,
			bytes: bytes.length,
			sha256: sha256(bytes),
			member,
		})),
		publish(folder) {
			mkdirSync(folder, { recursive: true });
			for (const { name, bytes } of wheels) writeFileSync(join(folder, name), bytes);
		},
	};
}

// What pip does, as far as it is asked here. `PIP_` settings are the only ones that qwill hands on to it.
const program = `#!${process.execPath}
const fs = require('fs'), path = require('path'), { createHash } = require('crypto'), { spawn } = require('child_process');
const args = process.argv.slice(2), index = process.env.PIP_FAKE_INDEX;
const of = flag => args[args.indexOf(flag) + 1];
const fail = text => { process.stderr.write(text + '\\n'); process.exit(1); };
const [, name, hash] = /^(\\S+)==\\S+ --hash=sha256:(\\w+)/.exec(fs.readFileSync(of('-r'), 'utf8'));
fs.appendFileSync(path.join(index, 'asked'), JSON.stringify({ args, name, cwd: process.cwd(), env: Object.keys(process.env) }) + '\\n');
const mode = fs.existsSync(path.join(index, 'mode')) ? fs.readFileSync(path.join(index, 'mode'), 'utf8') : '';
if (mode.startsWith('say ')) fail(mode.slice(4));
const wheel = fs.readdirSync(index).find(file => file.startsWith(name.replaceAll('-', '_') + '-'));
if (!wheel) fail('ERROR: No matching distribution found for ' + name);
const bytes = fs.readFileSync(path.join(index, wheel));
if (mode === 'hang ' + name) {
	fs.mkdirSync(path.join(process.env.TMPDIR, 'pip-unpack-1'));
	const child = spawn('sleep', ['600'], { stdio: 'ignore' });
	fs.writeFileSync(path.join(index, 'pids'), process.pid + ' ' + child.pid);
	fs.writeFileSync(path.join(process.env.TMPDIR, 'pip-unpack-1', wheel), bytes.subarray(0, bytes.length / 2));
	setInterval(() => {}, 1000);
} else {
	if (createHash('sha256').update(bytes).digest('hex') !== hash) fail('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.');
	fs.writeFileSync(path.join(of('-d'), wheel), bytes);
}
`;

/** Puts a `python3` that imitates pip before all others; it serves the wheels in `index`. */
export function installPython(folder: string, index: string): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, 'python3'), program);
	chmodSync(join(folder, 'python3'), 0o755);
	process.env.PATH = `${folder}${delimiter}${process.env.PATH}`;
	process.env.PIP_FAKE_INDEX = index;
}
