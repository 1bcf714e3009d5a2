/** What is outside of the box and would notice: servers of every kind, and a process. */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { World } from './play.js';

/** `count` is how often something arrived. `port` is one of TCP and of UDP, of both families where the machine has IPv6. */
export type Outside = { port: number; pid: number; sixth: boolean; count(): number; alive(): boolean; close(): void };

/**
 * Servers that a command could reach, and a process that it could end, of the user with the id `uid`; two at a time need two names of
 * the socket without a file.
 */
export async function listening({ outside, base }: World, abstract: string, uid = process.getuid?.() ?? 0): Promise<Outside> {
	let count = 0;
	const servers: Server[] = [];
	const listen = (where: string | { port: number; host: string }) =>
		new Promise<Server>((resolve, reject) => {
			const server = createServer(socket => {
				count++;
				socket.destroy();
			});
			servers.push(server.on('error', reject));
			server.listen(where, () => resolve(server));
		});
	const { port } = (await listen({ port: 0, host: '127.0.0.1' })).address() as { port: number };
	await listen(join(outside, 'host.sock'));
	chmodSync(join(outside, 'host.sock'), 0o777);
	await listen(`\0${abstract}`);
	const sixth = await listen({ port, host: '::1' }).then(
		() => true,
		() => false,
	);
	const packets = (['udp4', ...(sixth ? ['udp6' as const] : [])] as const).map(family => createSocket(family).on('message', () => count++));
	for (const [i, socket] of packets.entries())
		await new Promise<void>(resolve => socket.bind(port, i === 0 ? '127.0.0.1' : '::1', resolve));
	const victim = spawn('sleep', ['600'], { uid, gid: uid, cwd: base, env: { HOSTSECRET: 'canary', PATH: process.env.PATH } });
	return {
		port,
		pid: victim.pid!,
		sixth,
		count: () => count,
		alive: () => victim.exitCode === null && victim.signalCode === null,
		close() {
			for (const server of servers) server.close();
			for (const socket of packets) socket.close();
			victim.kill('SIGKILL');
		},
	};
}
