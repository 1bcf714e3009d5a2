import { Refusal } from '../../types.js';

/**
 * Where a server answers. `base` is the path of the OpenAI interface (`/v1`), `root` the one above it, where servers keep their
 * own. `here`: on this machine. `shown` names it to people.
 */
export type Address = { origin: URL; socketPath: string | undefined; base: string; root: string; here: boolean; shown: string };

/**
 * Reads what a person types: `http://host:8000`, `https://host/v1`, `unix:/run/model.sock`. Without a path, `/v1` is meant.
 * Throws `Refusal` 42 for anything else, and for an address with a key in it.
 */
export function addressOf(text: string): Address {
	const socketPath = /^unix:(?:\/\/)?(\/.+)$/.exec(text)?.[1];
	const url = socketPath ? new URL('http://localhost') : URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol))
		throw new Refusal(`The base URL is an address such as http://localhost:8000/v1 or unix:/run/model.sock, not "${text}".`, 42);
	if (url.username || url.password)
		throw new Refusal('The base URL holds a name or a key. Put the key into an environment variable and name that: --api-key-env NAME', 42);
	const path = url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
	const base = path || '/v1';
	return {
		origin: new URL(url.origin),
		socketPath,
		base,
		root: base.replace(/\/v\d+$/, ''),
		here: socketPath !== undefined || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname),
		shown: socketPath ?? url.host,
	};
}
