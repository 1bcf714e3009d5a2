import { mkdirSync } from 'node:fs';
import { userConfigPath } from './config.js';
import { saveKey } from './models/save-model.js';
import { places } from './places.js';
import { settingsFrom } from './settings.js';
import { Refusal } from './types.js';

/**
 * Sets one setting of the person's own, such as `theme=light`, for every later start, and says so in a sentence. Throws
 * `Refusal` for what is no setting, a value it cannot have, and a file that cannot be changed.
 */
export async function saveSetting(assignment: string): Promise<string> {
	const [, key = '', value = ''] = /^\s*([\w$.]+)\s*=\s*([\s\S]*?)\s*$/.exec(assignment) ?? [];
	if (key === '' || value === '') throw new Refusal('A setting is set as KEY=VALUE, such as theme=light.', 42);
	const settings: Readonly<Record<string, unknown>> = settingsFrom([{ key, value }], '');
	const [name = ''] = key.split('.');
	if (name === 'permissions')
		throw new Refusal(`Rules are kept in ${userConfigPath()}; "Always" in a question makes one, /permissions lists them.`, 42);
	mkdirSync(places.config(), { recursive: true });
	const path = await saveKey(name, settings[name], { what: 'The setting', instead: `set it for one run: --set ${key}=${value}` });
	return `${key} is ${value} from the next start on. ${now[key] ?? ''}It is kept in ${path}.`;
}

/** What changes it in a running chat. */
const now: Readonly<Record<string, string>> = {
	model: 'In this chat /model changes it. ',
	approvalMode: 'In this chat Shift-Tab changes it. ',
};
