/** Hosts that may be opened to programs in the box: how they are written, and which addresses their names may stand for. */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { shown } from '../names.js';
import { notOpened } from './door-folder.js';

/** A host by its one spelling: lower case, no dot at the end, addresses of IPv6 in brackets. */
export type Host = { name: string; ports: readonly number[] };

const usualPorts = [443, 80];

/** The host of `HOST` or `HOST:PORT`. Throws `Refusal` 42 for what is none, and for another machine where qwill is `offline`. */
export function hostFrom(typed: string, offline: boolean): Host {
	const [, text = '', port] = /^(\[.*\]|[^:]*)(?::(\d{1,5}))?$/s.exec(typed) ?? [];
	const name = spelling(text);
	const number = Number(port);
	if (name === undefined || number === 0 || number > 65_535)
		throw notOpened(`"${shown(typed)}" is not a host such as api.example.org or localhost:8080`);
	if (offline && !isHere(name)) throw notOpened(`--offline keeps to this machine, and ${name} is another one`);
	return { name, ports: port === undefined ? usualPorts : [number] };
}

/** As it is written to be compared and shown. */
export const hostName = ({ name, ports }: Host): string => (ports === usualPorts ? name : `${name}:${ports[0]}`);

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const names = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[0-9a-f:.]+\\])$`);

/** The one spelling of a host's name; undefined for what is none, and for an address in another spelling than usual. */
export function spelling(text: string): string | undefined {
	const plain = text.toLowerCase().replace(/\.$/, '');
	if (plain.length > 253 || !names.test(plain) || !URL.canParse(`http://${plain}`)) return undefined;
	const { hostname } = new URL(`http://${plain}`);
	return hostname === plain || hostname.startsWith('[') ? hostname : undefined;
}

/** Whether a port of a host is among those that are open. */
export const isOpen = (hosts: readonly Host[], name: string, port: number): boolean =>
	hosts.some(host => host.name === name && host.ports.includes(port));

const isHere = (name: string): boolean => name === 'localhost' || (isIP(bare(name)) !== 0 && covers(here, bare(name)));

/** An address without the brackets. */
export const bare = (name: string): string => name.replace(/^\[|\]$/g, '');

/** A name leads to nothing but a private address of which the person did not speak. */
export class Closed extends Error {}

/**
 * Looks names up for a connection to `port`. Addresses of this machine, of its links and of private networks are left out, unless
 * they are open themselves: else who owns a name could lead the box to them. `localhost` is this machine, and nothing else.
 */
export const lookupAmong =
	(hosts: readonly Host[], port: number): LookupFunction =>
	(name, options, done) => {
		const mayBe = (address: string): boolean =>
			(name === 'localhost' ? covers(here, address) : !covers(inward, address)) ||
			isOpen(hosts, spelling(isIP(address) === 6 ? `[${address}]` : address) ?? '', port);
		lookup(name, { ...options, all: true }, (error, found) => {
			if (error) return done(error, []);
			const open = found.filter(({ address }) => mayBe(address));
			const [first] = open;
			if (!first) return done(new Closed(`${name} is ${found[0]?.address ?? 'no address'}, which is not on the public network`), []);
			if (options.all) done(null, open);
			else done(null, first.address, first.family);
		});
	};

const here = listOf(['127.0.0.0/8', '::1/128']);
/** See the special-purpose registries of IANA (RFC 6890). */
const inwardV4 = [
	...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
	...['192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
];
/** Addresses of IPv4 have a spelling in IPv6 that gateways translate. */
const translated = inwardV4.map(net => {
	const [address = '', bits] = net.split('/');
	return `64:ff9b::${address}/${96 + Number(bits)}`;
});
const inward = listOf([
	...inwardV4,
	...['::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
	...translated,
]);

function listOf(nets: readonly string[]): BlockList {
	const list = new BlockList();
	for (const net of nets) {
		const [address = '', bits] = net.split('/');
		list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
	}
	return list;
}

/** Of IPv4 written as IPv6 (`::ffff:10.0.0.1`) the list itself knows. */
const covers = (list: BlockList, address: string): boolean => {
	const [plain = ''] = address.split('%');
	return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
};
