import { symlinkSync } from 'node:fs';
import { gguf } from '../models/sample-gguf.js';
import { hostile, type Place, type Row } from './row.js';

/** A model file in the folder worked in; the message begins with its name. */
const model = (name: string, content: string | Uint8Array, says: string, file = 'm.gguf'): Row => ({
	name,
	words: ['-p', 'hi', '-m', `./${file}`],
	code: 41,
	says: `${file} ${says}`,
	prepare: place => place.file(place.at('work', file), content),
});
const unusable = (name: string, content: string | Uint8Array, says: string): Row => model(name, content, `is not usable: ${says}`);
const inPlace = (name: string, says: string, prepare: (place: Place) => void): Row => ({ ...unusable(name, '', says), prepare });
const again = 'Delete it and fetch it again.';
const another = 'Give a .gguf file, or an id of `qwill models list`.';
const whole = gguf();

export const modelRows: readonly Row[] = [
	inPlace('absent', 'there is no file HERE/work/m.gguf; `qwill models list` shows what there is.', () => {}),
	unusable('empty', '', `it is empty. ${again}`),
	unusable('cut off in its header', whole.subarray(0, 100), `it is cut off inside its header. ${again}`),
	unusable('cut off in its data', whole.subarray(0, whole.length - 2000), `it is cut off at 59 %. ${again}`),
	unusable('another magic', gguf({ magic: 'GGML' }), `it is not a GGUF file. ${another}`),
	unusable('text with that name', 'Once upon a time\n'.repeat(100), `it is not a GGUF file. ${another}`),
	unusable('a page of a login', '<!DOCTYPE html><html>', `it is not a GGUF file. ${another}`),
	unusable('4,000,000,000 entries', gguf({ keyCount: 4e9 }), `it is damaged: it claims 4000000000 entries in its header. ${again}`),
	unusable('4,000,000,000 tensors', gguf({ tensorCount: 4e9 }), `it is damaged: it claims 4000000000 tensors. ${again}`),
	unusable('version 1', gguf({ version: 1 }), 'it is a GGUF of the old version 1, which the engine no longer reads. Fetch a newer file.'),
	unusable('version 99', gguf({ version: 99 }), 'it is a GGUF of version 99, which the engine does not read. Fetch one of version 3.'),
	unusable('no tensors', gguf({ tensors: [] }), 'it holds a vocabulary or settings, but no weights. Give the file of the model itself.'),
	unusable(
		'an adapter',
		gguf({ keys: { 'general.type': { text: 'adapter' } } }),
		'it holds no language model (adapter of qwen2). Give the file of the model itself.',
	),
	unusable(
		'an architecture that would act on a terminal',
		gguf({ keys: { 'general.architecture': { text: hostile } } }),
		`it is damaged: it does not name its architecture. ${again}`,
	),
	{
		// Found while the task is under way already: so it is the end of a task, as in the chat.
		...model('sound as far as qwill looks, and not for the engine', whole, ''),
		says: 'No model can be used. m.gguf cannot be loaded: error loading model hyperparameters: key not found in model: qwen2.attention.layer_norm_rms_epsilon.',
	},
	model(
		'the first part without its others',
		whole,
		'is one of 3 parts, and m-00002-of-00003.gguf is not beside it. Fetch all parts into one folder.',
		'm-00001-of-00003.gguf',
	),
	model(
		'the second part alone',
		whole,
		'is one of 3 parts, and m-00001-of-00003.gguf is not beside it. Fetch all parts into one folder.',
		'm-00002-of-00003.gguf',
	),
	{
		...model('a name that would act on a terminal', 'x', '', `${hostile.replace('/', '')}\n.gguf`),
		says: `<U+001B>]0;owned<U+0007><U+001B>[31mred<U+009B>2J<U+000A>.gguf is not usable: it is not a GGUF file. ${another}`,
	},
	inPlace('a folder', 'it is a folder and not a file.', place => place.folder(place.at('work/m.gguf'))),
	inPlace('a pipe that nobody writes to', 'it is a pipe or a device and not a file.', place => place.tool('mkfifo', 'm.gguf')),
	inPlace('a link to itself', 'it cannot be opened (ELOOP).', place => symlinkSync('m.gguf', place.at('work/m.gguf'))),
	{
		...inPlace('unreadable', 'it cannot be opened (EACCES).', place => {
			place.file(place.at('work/m.gguf'), whole);
			place.tool('chmod', '000', 'm.gguf');
		}),
		plain: true,
	},
	{
		name: 'damaged in the cache, and offline',
		words: ['-p', 'hi', '-m', 'qwen2.5-coder-0.5b'],
		code: 41,
		says: `qwen2.5-coder-0.5b-instruct-q4_k_m.gguf has 2097152 bytes and not the expected 491400064: it is damaged or another file. ${again}
Qwen2.5-Coder 0.5B is not on this machine, and --offline (or QWILL_OFFLINE) forbids fetching it. Run \`qwill models pull qwen2.5-coder-0.5b\` when online.`,
		prepare: place => place.file(place.at('cache/qwill/models/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf'), Buffer.alloc(2 ** 21)),
	},
	{
		name: 'no id of the catalogue',
		words: ['-p', 'hi', '-m', 'qwen2.5-coder-0.5'],
		code: 41,
		says: 'There is no model "qwen2.5-coder-0.5". The nearest is qwen2.5-coder-0.5b; `qwill models list` shows all, and a path to a .gguf file works too.',
	},
	{
		name: 'no such script',
		words: ['-p', 'hi', '-m', 'replies:/no/such'],
		code: 41,
		says: 'There is no scripted conversation at /no/such.',
	},
];
