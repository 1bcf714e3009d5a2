/** What this process does to the disk below one folder, step by step: to fail at one of them, or to tell what a power cut could leave. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** One step. `file` is a number of its own for each file that was made or opened; names are paths. */
export type Step =
	| { kind: 'make'; path: string; file: number }
	| { kind: 'write'; file: number; bytes: Buffer; append: boolean }
	| { kind: 'sync'; file: number }
	| { kind: 'sync-folder'; path: string }
	| { kind: 'move'; from: string; to: string }
	| { kind: 'link'; from: string; to: string }
	| { kind: 'remove'; path: string };

export type Watch = { steps: Step[]; stop(): void };

/** Watches the folder until `stop`. The step numbered `failing.at` fails with `failing.code` instead of being done. */
export function watch(folder: string, failing?: { at: number; code: string }): Watch {
	const steps: Step[] = [];
	const files = new Map<string, number>();
	let next = 0;
	const kept = { ...fs, promises: { ...fs.promises } };
	const isOurs = (path: unknown): path is string => typeof path === 'string' && path.startsWith(folder);
	const real = (path: string): string => kept.realpathSync(path);
	/** The path as it is named, links of the process's own descriptors resolved. */
	const named = (path: string): string => {
		const cut = path.lastIndexOf('/');
		return `${real(path.slice(0, cut))}${path.slice(cut)}`;
	};
	const isInside = (path: unknown): path is string => {
		if (typeof path !== 'string') return false;
		try {
			return isOurs(named(path));
		} catch {
			return false;
		}
	};
	const take = (step: Step): void => {
		if (failing?.at === steps.length) {
			steps.push(step);
			throw Object.assign(new Error(failing.code), { code: failing.code });
		}
		steps.push(step);
	};
	const fileAt = (path: string, fresh: boolean): number => {
		const known = files.get(path);
		if (known !== undefined && !fresh) return known;
		files.set(path, ++next);
		return next;
	};
	fs.promises.open = async (path, flags, mode) => {
		if (!isInside(path)) return kept.promises.open(path, flags, mode);
		const at = named(path);
		const isFolder = kept.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
		const makes = flags === 'wx';
		if (makes) take({ kind: 'make', path: at, file: fileAt(at, true) });
		const handle = await kept.promises.open(path, flags, mode);
		const file = isFolder ? 0 : fileAt(at, false);
		const { writeFile, sync } = handle;
		handle.writeFile = async bytes => {
			take({ kind: 'write', file, bytes: Buffer.from(bytes as Uint8Array), append: false });
			return writeFile.call(handle, bytes);
		};
		handle.sync = async () => {
			take(isFolder ? { kind: 'sync-folder', path: real(path) } : { kind: 'sync', file });
			return sync.call(handle);
		};
		return handle;
	};
	fs.promises.rename = async (from, to) => {
		if (isInside(from) && isInside(to)) {
			take({ kind: 'move', from: named(from), to: named(to) });
			files.set(named(to), fileAt(named(from), false));
		}
		return kept.promises.rename(from, to);
	};
	fs.promises.link = async (from, to) => {
		if (isInside(from) && isInside(to)) take({ kind: 'link', from: named(from), to: named(to) });
		return kept.promises.link(from, to);
	};
	fs.promises.rm = async (path, options) => {
		if (isInside(path) && kept.existsSync(path)) take({ kind: 'remove', path: named(path) });
		return kept.promises.rm(path, options);
	};
	const opened = new Map<number, number | string>();
	fs.openSync = (path, flags, mode) => {
		const at = isInside(path) ? named(path) : undefined;
		const isNew = at !== undefined && typeof flags === 'number' && (flags & fs.constants.O_CREAT) !== 0 && !kept.existsSync(at);
		if (isNew) take({ kind: 'make', path: at, file: fileAt(at, true) });
		const fd = kept.openSync(path, flags, mode);
		if (at !== undefined) opened.set(fd, kept.fstatSync(fd).isDirectory() ? at : fileAt(at, false));
		return fd;
	};
	fs.writeSync = ((fd: number, bytes: Buffer) => {
		const file = opened.get(fd);
		if (typeof file === 'number') take({ kind: 'write', file, bytes: Buffer.from(bytes), append: true });
		return kept.writeSync(fd, bytes);
	}) as typeof fs.writeSync;
	fs.fdatasyncSync = fd => {
		const file = opened.get(fd);
		if (typeof file === 'number') take({ kind: 'sync', file });
		kept.fdatasyncSync(fd);
	};
	fs.fsyncSync = fd => {
		const path = opened.get(fd);
		if (typeof path === 'string') take({ kind: 'sync-folder', path });
		kept.fsyncSync(fd);
	};
	syncBuiltinESMExports();
	return {
		steps,
		stop() {
			Object.assign(fs.promises, kept.promises);
			Object.assign(fs, {
				openSync: kept.openSync,
				writeSync: kept.writeSync,
				fdatasyncSync: kept.fdatasyncSync,
				fsyncSync: kept.fsyncSync,
			});
			syncBuiltinESMExports();
		},
	};
}

/** What is at each path. */
export type Disk = ReadonlyMap<string, Buffer>;

/**
 * Every disk that a power cut behind `steps` could leave: of what was not synced, names may be lost from any of them on, and bytes may
 * be lost, or half there. `before` is what was there at the start.
 */
export function* afterCut(before: Disk, steps: readonly Step[]): Generator<Disk> {
	const names = steps.flatMap((step, at) => (['make', 'move', 'link', 'remove'].includes(step.kind) ? [{ step, at }] : []));
	const lasting = names.filter(({ step, at }) => steps.slice(at).some(later => makesLast(later, step)));
	const loose = names.filter(one => !lasting.includes(one));
	for (let count = 0; count <= loose.length; count++)
		for (const share of [0, 0.5, 1])
			yield diskOf(before, steps, { applied: new Set([...lasting, ...loose.slice(0, count)].map(({ step }) => step)), share });
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

function makesLast(later: Step, step: Step): boolean {
	if (later.kind !== 'sync-folder') return false;
	return ('to' in step ? [step.from, step.to] : 'path' in step ? [step.path] : []).every(path => folderOf(path) === later.path);
}

function diskOf(before: Disk, steps: readonly Step[], { applied, share }: { applied: ReadonlySet<Step>; share: number }): Disk {
	const contents = new Map<number, Buffer>();
	const entries = new Map<string, number | Buffer>(before);
	const known = new Map<string, number>();
	for (const [at, step] of steps.entries()) {
		if (step.kind === 'write') {
			const synced = steps.slice(at).some(later => later.kind === 'sync' && later.file === step.file);
			const part = synced ? step.bytes : step.bytes.subarray(0, Math.floor(step.bytes.length * share));
			contents.set(step.file, step.append ? Buffer.concat([contents.get(step.file) ?? Buffer.alloc(0), part]) : part);
		}
		if (step.kind === 'make') known.set(step.path, step.file);
		if (!applied.has(step)) continue;
		if (step.kind === 'make') entries.set(step.path, step.file);
		if (step.kind === 'move' || step.kind === 'link') {
			const moved = entries.get(step.from) ?? known.get(step.from);
			if (moved !== undefined) entries.set(step.to, moved);
			if (step.kind === 'move') entries.delete(step.from);
		}
		if (step.kind === 'remove') entries.delete(step.path);
	}
	return new Map([...entries].map(([path, file]) => [path, typeof file === 'number' ? (contents.get(file) ?? Buffer.alloc(0)) : file]));
}
