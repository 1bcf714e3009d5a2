/** Limits that a container or a service manager puts on this process (Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/). */

type Read = (path: string) => string | undefined;

/** The tightest memory limit and what is left of it, in bytes; undefined without one. File cache that can be dropped counts as free. */
export function memoryLimit(read: Read): { total: number; available: number } | undefined {
	let tightest: { total: number; available: number } | undefined;
	for (const folder of folders(read, 'memory')) {
		const total = numeric(read(`${folder}/memory.max`)) ?? numeric(read(`${folder}/memory.limit_in_bytes`));
		// Version 1 says "no limit" with a number near 2^63.
		if (total === undefined || total > 2 ** 60) continue;
		const used = numeric(read(`${folder}/memory.current`)) ?? numeric(read(`${folder}/memory.usage_in_bytes`)) ?? 0;
		const cache = numeric(/^(?:total_)?inactive_file (\d+)/m.exec(read(`${folder}/memory.stat`) ?? '')?.[1]) ?? 0;
		const available = Math.max(0, total - Math.max(0, used - cache));
		if (!tightest || available < tightest.available) tightest = { total, available };
	}
	return tightest;
}

/** Whole cores that the tightest CPU quota allows, at least 1; undefined without one. */
export function quotaCores(read: Read): number | undefined {
	const quotas = folders(read, 'cpu').flatMap(folder => {
		const [quota, period] = (read(`${folder}/cpu.max`) ?? `${read(`${folder}/cpu.cfs_quota_us`)} ${read(`${folder}/cpu.cfs_period_us`)}`)
			.split(/\s+/)
			.map(Number);
		return quota !== undefined && quota > 0 && period !== undefined && period > 0 ? [quota / period] : [];
	});
	return quotas.length > 0 ? Math.max(1, Math.floor(Math.min(...quotas))) : undefined;
}

/** The folders of this process's group and of every group around it, for one controller, in version 2 and version 1. */
function folders(read: Read, controller: string): string[] {
	const found = new Set<string>();
	for (const line of (read('/proc/self/cgroup') ?? '').split('\n')) {
		const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
		if (controllers === undefined || path === undefined) continue;
		if (controllers !== '' && !controllers.split(',').includes(controller)) continue;
		const mount = controllers === '' ? '/sys/fs/cgroup' : `/sys/fs/cgroup/${controller}`;
		const parts = path.split('/').filter(part => part !== '' && part !== '..');
		for (let depth = parts.length; depth >= 0; depth--) found.add([mount, ...parts.slice(0, depth)].join('/'));
	}
	return [...found];
}

const numeric = (text: string | undefined): number | undefined =>
	text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined;
